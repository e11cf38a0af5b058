import { assert, assertEquals } from "@std/assert";
import { deadline } from "@std/async/deadline";
import { watchEnds } from "./_watch_ends.ts";
import { createApp, RawClient, TestServer, toRequestText } from "../_server.ts";

const EVENTS = { "content-type": "text/event-stream" };

/** Asks an upstream as the gateway does, for as long as it should. */
function createUpstream(signalReady: (signal: AbortSignal) => void) {
  return (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      signalReady(signal);
    });
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
  });
}

Deno.test("trackLifetime() stops the upstream when the client leaves before the answer [W13]", async () => {
  const app = createApp();
  const { ends, ended } = watchEnds(app);
  const asked = Promise.withResolvers<AbortSignal>();
  const ask = createUpstream(asked.resolve);
  app.post("/", async (context) => {
    await ask(context.var.lifetime.signal);
    return context.text("never");
  });
  await using server = new TestServer(app.fetch);
  const client = await RawClient.connect(server.port);
  await client.send(toRequestText("POST", "/", { "content-length": "0" }));
  const signal = await asked.promise;
  assert(!signal.aborted);
  const aborted = abortOf(signal);
  client[Symbol.dispose]();
  await deadline(aborted, 500);
  assertEquals(await ended, "aborted");
  assertEquals(ends.length, 1);
});

Deno.test("trackLifetime() stops the upstream when the client leaves in the middle of the answer [W12]", async () => {
  const app = createApp();
  const { ends, ended } = watchEnds(app);
  const cancelled = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  app.post("/", (context) => {
    signals.push(context.var.lifetime.signal);
    const body = new ReadableStream({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
      cancel: () => cancelled.resolve(),
    });
    return new Response(body, { headers: EVENTS });
  });
  await using server = new TestServer(app.fetch);
  const client = await RawClient.connect(server.port);
  await client.send(toRequestText("POST", "/", { "content-length": "0" }));
  await client.receive("data: 1");
  assertEquals(ends, []);
  client[Symbol.dispose]();
  await deadline(cancelled.promise, 500);
  assertEquals(await ended, "aborted");
  assertEquals(ends, ["aborted 200"]);
  assert(signals[0]?.aborted);
});

Deno.test("trackLifetime() stops the upstream of an answer that is read by nobody yet", async () => {
  const app = createApp();
  const { ended } = watchEnds(app);
  const left = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  app.post("/", async () => {
    asked.resolve();
    await left.promise;
    const body = new ReadableStream({ cancel: () => cancelled.resolve() });
    return new Response(body, { headers: EVENTS });
  });
  await using server = new TestServer(app.fetch);
  const client = await RawClient.connect(server.port);
  await client.send(toRequestText("POST", "/", { "content-length": "0" }));
  await asked.promise;
  client[Symbol.dispose]();
  left.resolve();
  await deadline(cancelled.promise, 500);
  assertEquals(await ended, "aborted");
});

Deno.test("Lifetime.signal is aborted where it is read after the client left", async () => {
  const app = createApp();
  const asked = Promise.withResolvers<void>();
  const late = Promise.withResolvers<AbortSignal>();
  app.post("/", async (context) => {
    const left = abortOf(context.req.raw.signal);
    asked.resolve();
    await left;
    late.resolve(context.var.lifetime.signal);
    return context.text("late");
  });
  await using server = new TestServer(app.fetch);
  const client = await RawClient.connect(server.port);
  await client.send(toRequestText("POST", "/", { "content-length": "0" }));
  await asked.promise;
  client[Symbol.dispose]();
  assert((await late.promise).aborted);
});

for (
  const [name, answer] of [
    ["whole", () => new Response("Good day")],
    ["streamed", () => new Response("data: [DONE]\n\n", { headers: EVENTS })],
  ] as const
) {
  Deno.test(`Lifetime.signal does not abort after an answer that is ${name} [W14]`, async () => {
    const app = createApp();
    const { ends } = watchEnds(app);
    const signals: AbortSignal[] = [];
    const raw = Promise.withResolvers<void>();
    app.get("/", (context) => {
      context.req.raw.signal.addEventListener("abort", () => raw.resolve());
      signals.push(context.var.lifetime.signal);
      return answer();
    });
    await using server = new TestServer(app.fetch);
    const response = await fetch(server.origin);
    await response.text();
    // The server's own signal aborts even so.
    await raw.promise;
    assertEquals(signals.map(({ aborted }) => aborted), [false]);
    assertEquals(ends, ["complete 200"]);
  });
}

Deno.test("trackLifetime() tells that an answer is an error", async () => {
  const app = createApp();
  const { ends } = watchEnds(app);
  await app.request("/nothing");
  assertEquals(ends, ["failed 404"]);
});

Deno.test("trackLifetime() tells that a stream broke off", async () => {
  const app = createApp();
  const { ends } = watchEnds(app);
  app.get("/", () => {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new TypeError("reset")),
    });
    return new Response(body, { headers: EVENTS });
  });
  const response = await app.request("/");
  assertEquals(ends, []);
  const error = await response.text().catch((error) => error);
  assertEquals(error.message, "reset");
  assertEquals(ends, ["failed 200"]);
});

Deno.test("trackLifetime() hands on a last piece that waited for a slow client", async () => {
  const app = createApp();
  const { ends } = watchEnds(app);
  app.get("/", () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("last"));
        controller.close();
      },
    }, { highWaterMark: 0 });
    return new Response(body, { headers: EVENTS });
  });
  assertEquals(await (await app.request("/")).text(), "last");
  assertEquals(ends, ["complete 200"]);
});

Deno.test("Lifetime.fail() makes a stream that ends cleanly a failure", async () => {
  const app = createApp();
  const { ends } = watchEnds(app);
  app.get("/", (context) => {
    context.var.lifetime.fail();
    return new Response("event: error\n\n", { headers: EVENTS });
  });
  await (await app.request("/")).text();
  assertEquals(ends, ["failed 200"]);
});

Deno.test("trackLifetime() tells that a stream was left, also where no signal says so", async () => {
  const app = createApp();
  const { ends } = watchEnds(app);
  app.get("/", () => {
    return new Response(new ReadableStream(), { headers: EVENTS });
  });
  const response = await app.request("/");
  const reader = response.body?.getReader();
  const waiting = reader?.read();
  await reader?.cancel();
  assertEquals(await waiting, { done: true, value: undefined });
  assertEquals(ends, ["aborted 200"]);
});

Deno.test("trackLifetime() ends a stream by the signal where nobody cancels it", async () => {
  const app = createApp();
  const { ends } = watchEnds(app);
  app.get("/", (context) => {
    void context.var.lifetime.signal;
    return new Response(new ReadableStream(), { headers: EVENTS });
  });
  const client = new AbortController();
  const response = await app.request("/", { signal: client.signal });
  const waiting = response.text().catch((error) => error);
  client.abort(new Error("left"));
  assertEquals((await waiting).message, "left");
  assertEquals(ends, ["aborted 200"]);
});

Deno.test("trackLifetime() shows no error to a server that lets go of the body soon", async () => {
  const app = createApp();
  app.get("/", (context) => {
    void context.var.lifetime.signal;
    return new Response(new ReadableStream(), { headers: EVENTS });
  });
  const client = new AbortController();
  const response = await app.request("/", { signal: client.signal });
  const reader = response.body?.getReader();
  const waiting = reader?.read();
  client.abort(new Error("left"));
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await reader?.cancel();
  assertEquals(await waiting, { done: true, value: undefined });
  await new Promise((resolve) => setTimeout(resolve));
});

Deno.test("trackLifetime() tells one end where a stream breaks off while it is left", async () => {
  const app = createApp();
  const { ends, ended } = watchEnds(app);
  const controllers: ReadableStreamDefaultController[] = [];
  app.get("/", () => {
    const body = new ReadableStream({
      start: (controller) => void controllers.push(controller),
    });
    return new Response(body, { headers: EVENTS });
  });
  const reader = (await app.request("/")).body?.getReader();
  const waiting = reader?.read();
  controllers[0]?.error(new TypeError("reset"));
  await reader?.cancel();
  await waiting;
  await ended;
  assertEquals(ends.length, 1);
});
