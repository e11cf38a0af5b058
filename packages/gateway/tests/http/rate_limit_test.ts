import { assertEquals } from "@std/assert";
import type { Hono } from "hono";
import type { GatewayEnvironment } from "../../http/gateway_environment.ts";
import { limitConcurrency, limitRate } from "../../http/rate_limit.ts";
import type { RouteStore } from "@parley/chat/failover";
import { flush } from "@parley/testing";
import { JumpingClock } from "../_jumping_clock.ts";
import { watchEnds } from "./_watch_ends.ts";
import { createApp, RawClient, TestServer, toRequestText } from "../_server.ts";

const EVENTS = { "content-type": "text/event-stream" };

/** Answers with a stream that the test ends. */
function serveStreams(app: Hono<GatewayEnvironment>) {
  const controllers: ReadableStreamDefaultController[] = [];
  app.get("/stream", () => {
    const body = new ReadableStream({
      start: (controller) => {
        controllers.push(controller);
        controller.enqueue(new TextEncoder().encode("data: 1\n\n"));
      },
    });
    return new Response(body, { headers: EVENTS });
  });
  return controllers;
}

function createLimited(
  concurrency: number | null,
  concurrencyPerKey: number | null = null,
) {
  const app = createApp();
  app.use(async (context, next) => {
    context.set("keyId", context.req.header("x-key") ?? "one");
    await next();
  });
  app.use(limitConcurrency({ concurrency, concurrencyPerKey }));
  app.get("/", (context) => context.text("Good day"));
  const isFree = async () => (await app.request("/")).status === 200;
  return { app, controllers: serveStreams(app), isFree };
}

Deno.test("limitConcurrency() refuses what is too much at once [W17]", async () => {
  const { app, controllers } = createLimited(2);
  const open = [await app.request("/stream"), await app.request("/stream")];
  const response = await app.request("/stream");
  assertEquals(response.status, 429);
  assertEquals(response.headers.get("retry-after"), "1");
  const { error } = await response.json();
  assertEquals([error.type, error.code], ["requests", "rate_limit_exceeded"]);
  assertEquals(controllers.length, 2);
  for (const { body } of open) await body?.cancel();
});

Deno.test("limitConcurrency() frees a slot once when the answer ends [W17]", async () => {
  const { app, controllers, isFree } = createLimited(1);
  for (let count = 0; count < 3; count++) {
    const response = await app.request("/stream");
    assertEquals(await isFree(), false);
    controllers.at(-1)?.close();
    await response.text();
    assertEquals(await isFree(), true);
  }
  const [first] = [await app.request("/stream")];
  // No end before has freed more than its own slot.
  assertEquals(await isFree(), false);
  await first.body?.cancel();
});

Deno.test("limitConcurrency() frees a slot once when the answer is left [W17]", async () => {
  const { app, isFree } = createLimited(1);
  const response = await app.request("/stream");
  const reader = response.body?.getReader();
  await reader?.cancel();
  await reader?.cancel();
  assertEquals(await isFree(), true);
  const next = await app.request("/stream");
  assertEquals(await isFree(), false);
  await next.body?.cancel();
});

Deno.test("limitConcurrency() frees a slot when the answer breaks off [W17]", async () => {
  const { app, controllers, isFree } = createLimited(1);
  const response = await app.request("/stream");
  controllers[0]?.error(new TypeError("reset"));
  await response.text().catch(() => {});
  assertEquals(await isFree(), true);
});

Deno.test("limitConcurrency() frees a slot when the handler throws [W17]", async () => {
  const { app, isFree } = createLimited(1);
  app.get("/error", () => {
    throw new Error("bug");
  });
  app.get("/other", () => {
    throw "no error";
  });
  assertEquals((await app.request("/error")).status, 500);
  assertEquals(await isFree(), true);
  assertEquals((await app.request("/other")).status, 500);
  assertEquals(await isFree(), true);
});

Deno.test("limitConcurrency() frees a slot when the client leaves [W12] [W17]", async () => {
  const { app, isFree } = createLimited(1);
  await using server = new TestServer(app.fetch);
  const client = await RawClient.connect(server.port);
  await client.send(toRequestText("GET", "/stream"));
  await client.receive("data: 1");
  assertEquals(await isFree(), false);
  client[Symbol.dispose]();
  while (!await isFree()) await flush();
});

Deno.test("limitConcurrency() leaves slots for other keys", async () => {
  const { app } = createLimited(3, 2);
  const ask = async (key: string) =>
    await app.request("/stream", { headers: { "x-key": key } });
  const open = [await ask("one"), await ask("one")];
  const refused = await ask("one");
  assertEquals(refused.status, 429);
  assertEquals(
    (await refused.json()).error.message,
    "Too many requests at once with this key",
  );
  open.push(await ask("other"));
  assertEquals((await ask("other")).status, 429);
  await open[0]?.body?.cancel();
  open.push(await ask("one"));
  assertEquals(open.map(({ status }) => status), [200, 200, 200, 200]);
  for (const { body } of open.slice(1)) await body?.cancel();
});

Deno.test("limitConcurrency() without a limit refuses nothing", async () => {
  const { app, isFree } = createLimited(null);
  const open = [await app.request("/stream"), await app.request("/stream")];
  assertEquals(await isFree(), true);
  for (const { body } of open) await body?.cancel();
});

/** An application that answers each key so often in a minute. */
function createRated(limit: number | null, store?: RouteStore) {
  const clock = new JumpingClock();
  const app = createApp();
  const { ends } = watchEnds(app);
  app.use(async (context, next) => {
    context.set("keyId", context.req.header("x-key") ?? "one");
    await next();
  });
  app.use(limitRate({ requestsPerMinute: limit, store, clock }));
  app.get("/", (context) => context.text("Good day"));
  const ask = async (key = "one", signal?: AbortSignal) => {
    const headers = { "x-key": key };
    return await app.request("/", { headers, signal: signal ?? null });
  };
  return { ask, clock, ends };
}

/** What an answer tells of the limit. */
function toNumbers({ headers, status }: Response): string {
  const names = ["limit", "remaining", "reset"];
  const numbers = names.map((name) =>
    headers.get(`x-ratelimit-${name}-requests`)
  );
  return [status, ...numbers].join(" ");
}

Deno.test("limitRate() refuses the request after the limit, and says when to come again [W25]", async () => {
  const { ask, clock } = createRated(3);
  assertEquals(toNumbers(await ask()), "200 3 2 1m0s");
  await clock.advance(12_500);
  assertEquals(toNumbers(await ask()), "200 3 1 1m0s");
  assertEquals(toNumbers(await ask()), "200 3 0 1m0s");
  await clock.advance(100);
  const refused = await ask();
  assertEquals(toNumbers(refused), "429 3 0 59.9s");
  assertEquals(refused.headers.get("retry-after"), "48");
  assertEquals(refused.headers.get("retry-after-ms"), "47400");
  assertEquals((await refused.json()).error.code, "rate_limit_exceeded");
  await clock.advance(47_399);
  assertEquals((await ask()).status, 429);
  await clock.advance(1);
  assertEquals(toNumbers(await ask()), "200 3 0 1m0s");
  assertEquals((await ask()).status, 429);
});

Deno.test("limitRate() lets no more in than the limit in any minute of a flood [W25]", async () => {
  const { ask, clock } = createRated(10);
  const times: number[] = [];
  for (let count = 0; count < 1_000; count++) {
    if ((await ask()).status === 200) times.push(clock.now());
    await clock.advance(200);
  }
  assertEquals(times.length, 40);
  for (const time of times) {
    const near = times.filter((other) =>
      other >= time && other < time + 60_000
    );
    assertEquals(near.length <= 10, true);
  }
});

Deno.test("limitRate() counts each key by itself [W25]", async () => {
  const { ask } = createRated(1);
  assertEquals((await ask("one")).status, 200);
  assertEquals((await ask("one")).status, 429);
  assertEquals((await ask("two")).status, 200);
  assertEquals((await ask("two")).status, 429);
});

Deno.test("limitRate() writes short times in milliseconds", async () => {
  const { ask, clock } = createRated(1);
  await ask();
  await clock.advance(59_988);
  assertEquals(toNumbers(await ask()), "429 1 0 12ms");
});

for (const hours of [-1, 1]) {
  Deno.test(`limitRate() asks for no more than a minute where the clock jumps by ${hours} h`, async () => {
    const { ask, clock } = createRated(2);
    await ask();
    await ask();
    clock.jump(hours * 3_600_000);
    const { status, headers } = await ask();
    const wait = Number(headers.get("retry-after-ms"));
    assertEquals([status, wait], hours > 0 ? [200, 0] : [429, 60_000]);
    await clock.advance(wait);
    assertEquals((await ask()).status, 200);
  });
}

Deno.test("limitRate() without a limit refuses nothing and tells nothing", async () => {
  const { ask } = createRated(null);
  assertEquals(toNumbers(await ask()), "200   ");
});

Deno.test("limitRate() waits for a silent store no longer than the client does", async () => {
  const { ask, ends } = createRated(9, {
    get: () => Promise.resolve([]),
    update: () => new Promise(() => {}),
  });
  const client = new AbortController();
  const asked = ask("one", client.signal);
  client.abort();
  await asked;
  assertEquals(ends, ["aborted 200"]);
});
