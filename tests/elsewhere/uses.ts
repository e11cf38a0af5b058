// What people do with the library, in a dozen uses that need no server.
import { assert, assertEquals } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createOpenAiCompatible,
  decodeBase64,
  isProviderError,
  type Provider,
  type ProviderOptions,
  toJsonLines,
  toSseEvents,
} from "@parley/chat";
import { createFailover } from "@parley/chat/failover";
import { createGateway } from "@parley/gateway";
import { defineProvider } from "@parley/chat/provider";
import type { Case } from "./run_cases.ts";

const KEY = "sk-elsewhere-0123456789";
const GIF = "R0lGODlhAQABAAAAACw=";

function toChunk(delta: unknown, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ choices })}\n\n`;
}

const ANSWER = toChunk({ content: "Grüße aus " }) +
  toChunk({ content: "日本 👋🏽" }) + toChunk({}, "stop") + "data: [DONE]\n\n";
const TEXT = "Grüße aus 日本 👋🏽";

/** A body that comes byte by byte. */
function toBody(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  let position = 0;
  return new ReadableStream({
    pull(controller) {
      if (position === bytes.length) controller.close();
      else controller.enqueue(bytes.slice(position, ++position));
    },
  });
}

function create(
  respond: () => Response = () => new Response(toBody(ANSWER)),
  options: ProviderOptions = {},
): Provider {
  return createOpenAiCompatible({
    baseUrl: "https://api.example/v1",
    models: ["small"],
    fetch: () => Promise.resolve(respond()),
    ...options,
  });
}

/** A network that says nothing until it is left. */
const hang: typeof fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    const { signal } = init ?? {};
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

/** All of them. */
export const USES: readonly Case[] = [
  {
    name: "streams an answer",
    async run() {
      const types: string[] = [];
      for await (const { type } of create().stream("Hello")) types.push(type);
      assertEquals(types.at(0), "text");
      assertEquals(types.at(-1), "finish");
    },
  },
  {
    name: "generates an answer",
    async run() {
      const { text, finishReason } = await create().generate("Hello");
      assertEquals([text, finishReason], [TEXT, "stop"]);
    },
  },
  {
    name: "reads raw text in events",
    async run() {
      const fetch = () =>
        Promise.resolve(new Response("data: a\n\ndata: b\n\n"));
      const { text } = await createAiChats({ fetch }).generate("Hello");
      assertEquals(text, "ab");
    },
  },
  {
    name: "gives a picture",
    async run() {
      const data = [{ b64_json: GIF }];
      const fetch = () => Promise.resolve(Response.json({ data }));
      const { images: [image] } = await createAmigoChat({ fetch })
        .generate("A cat", { model: "dall-e-3" });
      assertEquals(await image?.bytes(), decodeBase64(GIF));
    },
  },
  {
    name: "passes its text on",
    async run() {
      const response = create().stream("Hello").toResponse();
      assertEquals(await response.text(), TEXT);
    },
  },
  {
    name: "passes its events on",
    async run() {
      const stream = create().stream("Hello");
      const { body } = stream.toResponse({ format: "jsonl" });
      assert(body !== null);
      const types: unknown[] = [];
      for await (const value of toJsonLines(body)) {
        types.push(Reflect.get(Object(value), "type"));
      }
      assertEquals(types.at(-1), "finish");
    },
  },
  {
    name: "ends with the reason of an abort",
    async run() {
      const controller = new AbortController();
      const { signal } = controller;
      const running = create(undefined, { fetch: hang })
        .generate("Hello", { signal });
      const reason = new Error("Enough");
      setTimeout(() => controller.abort(reason), 1);
      const thrown = await running.catch((error: unknown) => error);
      assert(thrown === reason);
    },
  },
  {
    name: "ends with its clock",
    async run() {
      const error: unknown = await create(undefined, { fetch: hang })
        .generate("Hello", { timeouts: { headers: 5 } })
        .catch((error: unknown) => error);
      assert(isProviderError(error) && error.code === "timeout");
    },
  },
  {
    name: "says what failed, without its key",
    async run() {
      const apiKey = "sk-7Qx2mVt9Lr4K";
      const refuse = () => new Response(`No ${apiKey}`, { status: 401 });
      const error: unknown = await create(refuse, { apiKey }).generate("Hello")
        .catch((error: unknown) => error);
      assert(isProviderError(error) && error.code === "authentication");
      assert(!`${error.message}${error.stack}`.includes(apiKey));
    },
  },
  {
    name: "tries again after a 503",
    async run() {
      let count = 0;
      const provider = create(
        () =>
          ++count === 1
            ? new Response("", { status: 503 })
            : new Response(toBody(ANSWER)),
        { random: () => 0, maxRetries: 1 },
      );
      const { text, attempts } = await provider.generate("Hello");
      assertEquals([text, attempts.length], [TEXT, 2]);
    },
  },
  {
    name: "asks another provider where one is down",
    async run() {
      const down = create(() => new Response("", { status: 500 }), {
        maxRetries: 0,
      });
      const { text } = await createFailover([down, create()]).generate("Hello");
      assertEquals(text, TEXT);
    },
  },
  {
    name: "serves a gateway",
    async run() {
      const gateway = createGateway({
        providers: [create()],
        apiKeys: [KEY],
      });
      const response = await gateway(
        new Request("https://gateway.example/v1/chat/completions", {
          method: "POST",
          headers: {
            "authorization": `Bearer ${KEY}`,
            "content-type": "application/json",
          },
          body: JSON.stringify({
            model: "OpenAiCompatible/small",
            messages: [{ role: "user", content: "Hello" }],
            stream: true,
          }),
        }),
      );
      let last = "";
      assert(response.body !== null);
      for await (const { data } of toSseEvents(response.body)) last = data;
      assertEquals([response.status, last], [200, "[DONE]"]);
    },
  },
  {
    name: "asks a provider of one's own",
    async run() {
      const provider = defineProvider({
        id: "Own",
        label: "Own",
        url: "https://own.example",
        baseUrl: "https://own.example",
        working: true,
        defaultModel: "one",
        models: ["one"],
        async *respond(run) {
          const response = await run.post("/ask", { json: run.messages });
          yield { type: "text", text: String(await response.json()) };
          yield { type: "finish", reason: "stop" };
        },
      }, { fetch: () => Promise.resolve(Response.json("Hi")) });
      assertEquals((await provider.generate("Hello")).text, "Hi");
    },
  },
];
