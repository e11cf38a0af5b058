// What is true where a program holds several copies of the library: here each
// entry point is bundled apart from the others.
import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import * as library from "@parley/chat";
import { createFailover } from "@parley/chat/failover";
import * as kit from "@parley/chat/provider";
import { createGateway } from "@parley/gateway";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import type { Case } from "./run_cases.ts";

const KEY = "sk-copies-0123456789";

/** A provider of one copy whose server answers with a status. */
function createFailing(status: number): library.Provider {
  return library.createOpenAiCompatible({
    baseUrl: "https://down.example/v1",
    id: "Down",
    models: ["small"],
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response("no", { status })),
  });
}

/** A provider of another copy whose server answers. */
function createAnswering(): library.Provider {
  return kit.defineProvider({
    id: "Answering",
    label: "Answering",
    url: "https://up.example",
    baseUrl: "https://up.example",
    working: true,
    defaultModel: "small",
    models: ["small"],
    async *respond(run) {
      const response = await run.post("/say", { json: run.messages });
      yield { type: "text", text: await response.text() };
      yield { type: "finish", reason: "stop" };
    },
  }, { fetch: () => Promise.resolve(new Response("Good day")) });
}

async function ask(status: number, key: string): Promise<Response> {
  const gateway = createGateway({
    providers: [createFailing(status)],
    apiKeys: [KEY],
  });
  return await gateway(
    new Request("https://gateway.example/v1/chat/completions", {
      method: "POST",
      headers: {
        "authorization": `Bearer ${key}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        model: "small",
        messages: [{ role: "user", content: "Hello" }],
      }),
    }),
  );
}

/** All of them. */
export const COPIES_CASES: readonly Case[] = [
  {
    name: "an error of one copy is an error to the others",
    async run() {
      const error = await catchError(createFailing(503).generate("Hello"));
      assert(library.isProviderError(error));
      const failover = createFailover([createFailing(503)]);
      const foreign = await catchError(failover.generate("Hello"));
      assert(library.isProviderError(foreign));
      assertEquals([foreign.code, foreign.status], ["upstream", 503]);
    },
  },
  {
    name:
      "a failover goes on to the second route where all are of other copies",
    async run() {
      const failover = createFailover([createFailing(503), createAnswering()]);
      const { text, provider, attempts } = await failover.generate("Hello");
      assertEquals([text, provider], ["Good day", "Answering"]);
      assertEquals(attempts.map(({ code }) => code), ["upstream", undefined]);
    },
  },
  {
    name: "a gateway answers a wrong key with 401",
    async run() {
      assertEquals((await ask(503, "sk-wrong-0123456789")).status, 401);
    },
  },
  {
    name:
      "a gateway answers the failure of a provider of another copy by its code",
    async run() {
      for (const [status, expected] of [[429, 429], [401, 502], [400, 400]]) {
        assertEquals((await ask(status ?? 0, KEY)).status, expected);
      }
    },
  },
  {
    name: "the kit of one copy works on the run of another",
    async run() {
      // The same file under another name is another copy.
      const name = "./provider.mjs?copy";
      const copy: typeof kit = await import(name);
      assertNotStrictEquals(copy.toImage, kit.toImage);
      const painter = copy.defineProvider({
        id: "Painter",
        label: "Painter",
        url: "https://painter.example",
        baseUrl: "https://painter.example",
        working: true,
        defaultModel: "oil",
        models: ["oil"],
        imageModels: ["oil"],
        async *respond(run) {
          const response = await run.get("/");
          const decoder = kit.createSseDecoder({ eventLength: 64 });
          for await (const [event] of response.decode(decoder)) {
            const image = { base64: event?.data ?? "", prompt: "a dot" };
            yield { type: "image", image: kit.toImage(run, image) };
          }
          yield { type: "finish", reason: "stop" };
        },
      }, {
        fetch: () => Promise.resolve(new Response(`data: ${picture}\n\n`)),
      });
      let picture = "R0lGODlhAQABAAAAACw=";
      const { images: [image] } = await painter.generate("A dot");
      await image?.bytes();
      assertEquals(image?.mediaType, "image/gif");
      picture = "A".repeat(100);
      const error = await catchError(painter.generate("A dot"));
      assertEquals(error.code, "too-large");
    },
  },
];
