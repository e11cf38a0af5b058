import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { createParrot, FINISH, hang } from "../../_parrot.ts";

Deno.test("RunContext sends requests below the base URL", async () => {
  const { provider, requests } = createParrot({
    answer: () => new Response("x"),
    async *respond(run) {
      await run.get("/a");
      await run.post("/b", { json: 1 });
      yield FINISH;
    },
    options: { baseUrl: "https://parrot.example/hub" },
  });
  const { attempts } = await provider.generate("Hi");
  assertEquals(requests.map(({ method, url }) => `${method} ${url}`), [
    "GET https://parrot.example/hub/a",
    "POST https://parrot.example/hub/b",
  ]);
  assertEquals(attempts[0]?.status, 200);
});

Deno.test("RunContext gives the ids that are random", async () => {
  const { provider } = createParrot({
    async *respond(run) {
      assertEquals(run.randomUuid(), "id");
      yield FINISH;
    },
    options: { randomUuid: () => "id" },
  });
  assertEquals((await provider.generate("Hi")).finishReason, "stop");
});

Deno.test("RunContext.fail() cleans the words of the upstream", async () => {
  const { provider } = createParrot({
    respond(run) {
      throw run.fail("Upstream failed", {
        code: "upstream",
        words: "Key\nsk-key",
        status: 503,
      });
    },
    options: { apiKey: "sk-key" },
  });
  const error = await assertRejects(
    () => provider.generate("Hi"),
    ProviderError,
  );
  assertEquals(
    error.message,
    'Cannot stream from "Parrot": upstream failed: Key [redacted]',
  );
  assertEquals(error.body, "Key [redacted]");
  assertEquals(error.status, 503);
});

Deno.test("RunContext.notify() sends what outlives the run, for two seconds", async () => {
  let isAborted = false;
  const { provider, requests, clock } = createParrot({
    answer: ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => {
          isAborted = true;
          reject(signal.reason);
        })
      ),
    async *respond(run) {
      try {
        yield { type: "text", text: "a" };
        await hang(run);
      } finally {
        await run.notify("POST", "/stop");
      }
    },
  });
  const stream = provider.stream("Hi");
  await stream.next();
  await stream.cancel();
  await flush();
  assertEquals(requests.map(({ url }) => url), ["https://parrot.example/stop"]);
  assertEquals(clock.waits, [2000]);
  await clock.advance(1999);
  assert(!isAborted);
  await clock.advance(1);
  assert(isAborted);
  assertEquals(clock.timers, 0);
});
