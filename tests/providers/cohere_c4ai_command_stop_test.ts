// A chat-ui server does not notice that nobody reads: it has to be told.
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { ChatStream } from "../../core/chat/chat_stream.ts";
import type { ProviderOptions } from "../../core/chat/provider_options.ts";
import { createCohereC4aiCommand } from "../../providers/cohere_c4ai_command.ts";
import { createChatUiUpstream } from "@parley/testing";
import { TestBody } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { within } from "../../packages/testing/conformance/check.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { type Answer, interpose, readHeaders, toRoutes } from "./_requests.ts";

const NO_TIMEOUTS = {
  headers: null,
  firstToken: null,
  idle: null,
  total: null,
};

const TOKEN = '{"type":"stream","token":"One"}\n';

function isMessage({ method, url }: Request): boolean {
  return method === "POST" && /\/conversation\/[0-9a-f]+$/.test(url);
}

/** A server that remembers, and the requests that tell it to stop. */
function createServer(
  answer: Answer = () => undefined,
  options: ProviderOptions = {},
) {
  const upstream = createChatUiUpstream({
    *answer(prompt, { messages }) {
      yield messages.map(({ content }) => content).join("|");
      for (let said = 0; prompt === "Go on" && said < 100; said++) {
        yield " more";
      }
    },
  });
  const stops: Request[] = [];
  const stopped = Promise.withResolvers<number>();
  const provider = createCohereC4aiCommand({
    ...options,
    fetch: interpose(upstream, async (request) => {
      if (!request.url.endsWith("/stop-generating")) {
        return await answer(request);
      }
      stops.push(request);
      const response = await answer(request) ?? await upstream.fetch(request);
      stopped.resolve(response.status);
      return response;
    }),
  });
  return { upstream, provider, stops, stopped: stopped.promise };
}

/** Never answers, until the request ends. */
function hang({ signal }: Request): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason))
  );
}

/** Reads up to the first text. */
async function readToText(stream: ChatStream): Promise<void> {
  let result = await stream.next();
  while (!result.done && result.value.type !== "text") {
    result = await stream.next();
  }
  assertEquals(result.done, false);
}

Deno.test("cohereC4aiCommand stops the server where its caller leaves", async () => {
  const { upstream, provider, stops, stopped } = createServer(undefined, {
    apiKey: "hf_1",
    headers: { cookie: "token=1" },
  });
  const { conversation } = await provider.generate("Hello");
  assert(conversation !== undefined);
  const options = { conversation, headers: { "x-a": "1" } };
  for await (const event of provider.stream("Go on", options)) {
    assertEquals(event, { type: "text", text: "Hello|Hello|Go on" });
    break;
  }
  assertEquals(await within(2_000, stopped), 200);
  const { id, origin, cookies } = conversation;
  const path = `/conversation/${id}/stop-generating`;
  const [stop] = upstream.requests.filter((request) => request.path === path);
  assertEquals([stop?.method, stop?.body, stops.length], ["POST", "", 1]);
  const headers = readHeaders(stop);
  assertEquals(
    headers.cookie,
    `hf-chat=${cookies["hf-chat"]}; token=1`,
  );
  assertEquals(headers.authorization, "Bearer hf_1");
  assertEquals([headers.origin, headers["x-a"]], [origin, "1"]);

  // The conversation goes on with what the server has said so far.
  const { text } = await provider.generate("Well?", { conversation });
  assert(text.startsWith("Hello|Hello|Go on|Hello|Hello|Go on"));
  assert(text.endsWith("|Well?"));
});

Deno.test("cohereC4aiCommand stops the server where its caller aborts", async () => {
  const { provider, stops, stopped } = createServer();
  const controller = new AbortController();
  const stream = provider.stream("Go on", { signal: controller.signal });
  await readToText(stream);
  const reason = new Error("Enough");
  controller.abort(reason);
  const error = await stream.next().catch((error) => error);
  assertStrictEquals(error, reason);
  assertEquals(await within(2_000, stopped), 200);
  assertEquals(stops.length, 1);
});

/** Phases, the names of their clocks, and the answers that outlast them. */
const SILENCES: Readonly<Record<string, readonly [string, Answer]>> = {
  "headers": ["headers", hang],
  "first-token": [
    "firstToken",
    () => new Response(new TestBody(["{}"], "hang").stream),
  ],
  "idle": ["idle", () => new Response(new TestBody([TOKEN], "hang").stream)],
  "total": ["total", () => new Response(new TestBody([TOKEN], "hang").stream)],
};

for (const [phase, [name, answer]] of Object.entries(SILENCES)) {
  Deno.test(`cohereC4aiCommand stops the server after a timeout: ${phase}`, async () => {
    const clock = new FakeClock();
    const sent = Promise.withResolvers<void>();
    const { provider, stops, stopped } = createServer((request) => {
      if (!isMessage(request)) return undefined;
      sent.resolve();
      return answer(request);
    }, { clock, timeouts: { ...NO_TIMEOUTS, [name]: 60_000 } });
    const ending = readAll(provider.stream("Hello"));
    await within(2_000, sent.promise);
    await clock.advance(59_999);
    assertEquals(stops.length, 0);
    await clock.advance(1);
    const { error } = await ending;
    assertEquals([error?.code, error?.phase], ["timeout", phase]);
    assertEquals(await within(2_000, stopped), 200);
    await flush();
    // What an older server still writes is read for so long.
    await clock.advance(1_500);
    assertEquals([stops.length, clock.timers], [1, 0]);
  });
}

Deno.test("cohereC4aiCommand does not stop what has ended well", async () => {
  const { upstream, provider } = createServer();
  await provider.generate("Hello");
  for (const last of ["conversation", "finish"]) {
    for await (const { type } of provider.stream("Hello")) {
      if (type === last) break;
    }
  }
  await flush();
  assertEquals(upstream.requests.length, 9);
  assert(toRoutes(upstream).every((route) => !route.includes("stop")));
});

Deno.test("cohereC4aiCommand does not stop what has not begun", async () => {
  for (const path of [/\/conversation$/, /\/api\//]) {
    const controller = new AbortController();
    const { provider, stops } = createServer((request) => {
      if (!path.test(request.url)) return undefined;
      queueMicrotask(() => controller.abort());
      return hang(request);
    });
    const { signal } = controller;
    const error = await provider.generate("Hello", { signal })
      .catch((error) => error);
    assertStrictEquals(error, signal.reason);
    await flush();
    assertEquals(stops, []);
  }
});

Deno.test("cohereC4aiCommand does not wait for the server to stop", async () => {
  const clock = new FakeClock();
  const { provider, stops } = createServer(
    (request) =>
      request.url.endsWith("/stop-generating") ? hang(request) : undefined,
    { clock },
  );
  for await (const { type } of provider.stream("Go on")) {
    if (type === "text") break;
  }
  await flush();
  const [stop] = stops;
  assertEquals(clock.waits, [2_000]);
  await clock.advance(1_999);
  assertEquals(stop?.signal.aborted, false);
  await clock.advance(1);
  assertEquals([stop?.signal.aborted, clock.timers], [true, 0]);
});

Deno.test("cohereC4aiCommand does not mind a server that will not stop", async () => {
  const refusals: readonly (() => Response)[] = [
    () => new Response("", { status: 500 }),
    () => new Response("", { status: 404 }),
    () => {
      throw new TypeError("unreachable");
    },
  ];
  for (const refuse of refusals) {
    const { provider, stops } = createServer(({ url }) =>
      url.endsWith("/stop-generating") ? refuse() : undefined
    );
    const stream = provider.stream("Go on");
    await readToText(stream);
    assertEquals(await stream.return(), { done: true, value: undefined });
    await flush();
    assertEquals(stops.length, 1);
    assertEquals((await provider.generate("Hello")).text, "Hello");
  }
});

/** What the server sends, and whether it would go on. */
const ANSWERS: Readonly<Record<string, readonly [boolean, () => Response]>> = {
  "a malformed line": [true, () => toHanging(`${TOKEN}{"token":"Two"}\n`)],
  "a line that is too long": [true, () => toHanging("x".repeat(5_000))],
  "a generation that failed": [
    false,
    () => toHanging('{"type":"status","status":"error","message":"no"}\n'),
  ],
  "a body that is cut": [false, () => new Response(TOKEN)],
  "a status of 500": [false, () => new Response("", { status: 500 })],
};

function toHanging(text: string): Response {
  return new Response(new TestBody([text], "hang").stream);
}

for (const [name, [isGenerating, answer]] of Object.entries(ANSWERS)) {
  const verb = isGenerating ? "stops" : "does not stop";
  Deno.test(`cohereC4aiCommand ${verb} the server after ${name}`, async () => {
    const { provider, stops } = createServer(
      (request) => isMessage(request) ? answer() : undefined,
      { limits: { eventLength: 1_000 } },
    );
    const { error } = await readAll(provider.stream("Hello"));
    assert(error !== undefined);
    await flush();
    assertEquals(stops.length, isGenerating ? 1 : 0);
  });
}
