import { assertEquals, assertRejects } from "@std/assert";
import { createFailover, createMemoryStore } from "../../failover/mod.ts";
import { createAiChats } from "../../mod.ts";
import { FakeClock } from "@parley/testing";

const OPEN = { failures: 3, openUntil: 5, coolDown: 5_000 };

/** A body that says something, or nothing, and then hangs. */
function hang(text: string, signal: AbortSignal | null | undefined): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text));
        signal?.addEventListener(
          "abort",
          () => controller.error(signal.reason),
        );
      },
    }),
  );
}

for (
  const [what, text] of [["speaks", "data: Good\n\n"], ["is silent", ":\n"]]
) {
  Deno.test(`a caller who leaves while a probe ${what} gives it back`, async () => {
    const clock = new FakeClock();
    const store = createMemoryStore();
    await store.update("Probed", () => OPEN);
    const failover = createFailover([{
      name: "Probed",
      provider: createAiChats({
        clock,
        fetch: (_url, init) => Promise.resolve(hang(text ?? "", init?.signal)),
      }),
    }], { clock, store });
    const controller = new AbortController();
    const answer = failover.stream("Hi", { signal: controller.signal }).text();
    await clock.advance(10);
    const [claimed] = await store.get(["Probed"]);
    assertEquals(Object.keys(Object(claimed)).includes("probeUntil"), true);
    controller.abort(new Error("enough"));
    await assertRejects(() => answer, Error, "enough");
    await clock.advance(10);
    assertEquals(await store.get(["Probed"]), [OPEN]);
  });
}
