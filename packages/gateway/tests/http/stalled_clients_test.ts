import { assertEquals } from "@std/assert";
import { toJsonResponse } from "../../http/json_response.ts";
import { FakeClock } from "@parley/testing";
import { createApp } from "../_server.ts";
import { watchEnds } from "./_watch_ends.ts";

const EVENTS = { "content-type": "text/event-stream" };

/** An answer that never ends, or a long one of JSON. */
const LONG: Readonly<Record<string, () => Response>> = {
  "a stream": () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(9)),
      }),
      { headers: EVENTS },
    ),
  "a long answer": () => toJsonResponse("x".repeat(200_000)),
};

for (const [name, respond] of Object.entries(LONG)) {
  Deno.test(`trackLifetime() lets go of a client that takes nothing of ${name} for 30 s`, async () => {
    const clock = new FakeClock();
    const app = createApp(clock);
    const { ends } = watchEnds(app);
    const codes: unknown[] = [];
    app.get("/", ({ var: { lifetime } }) => {
      lifetime.onEnd(() => codes.push(lifetime.details.code));
      return respond();
    });
    const reader = (await app.request("/")).body?.getReader();
    await clock.advance(29_000);
    await reader?.read();
    await clock.advance(29_999);
    await reader?.read();
    assertEquals(ends, []);
    await clock.advance(30_000);
    assertEquals([ends, codes], [["aborted 200"], ["client_stalled"]]);
    const error = await reader?.read().catch((error) => error);
    assertEquals(error, "Client takes nothing");
    assertEquals(clock.timers, 0);
  });
}

Deno.test("trackLifetime() waits for nobody to take what HEAD leaves out", async () => {
  const clock = new FakeClock();
  const app = createApp(clock);
  const { ends } = watchEnds(app);
  app.get("/", () => toJsonResponse("x".repeat(200_000)));
  const { body } = await app.request("/", { method: "HEAD" });
  assertEquals([body, ends, clock.timers], [null, ["complete 200"], 0]);
});

Deno.test("trackLifetime() waits for an upstream that says nothing for long", async () => {
  const clock = new FakeClock();
  const app = createApp(clock);
  const { ends } = watchEnds(app);
  app.get("/", () => new Response(new ReadableStream(), { headers: EVENTS }));
  const reader = (await app.request("/")).body?.getReader();
  const waiting = reader?.read();
  await clock.advance(600_000);
  assertEquals(ends, []);
  await reader?.cancel();
  await waiting;
});
