import { assert, assertEquals } from "@std/assert";
import { createFailover, type OnPartial } from "../../failover/mod.ts";
import { type ChatStream, ProviderError } from "../../mod.ts";
import { FakeClock, flush } from "@parley/testing";
import { fuzz } from "./_cases.ts";
import {
  type RandomActor,
  randomActor,
  randomFailoverOptions,
} from "./_random_actors.ts";
import { settle } from "./_settle.ts";

/** What a reader saw who takes back what is void. */
interface Reading {
  readonly text: string;
  readonly restarts: number;
  /** Who answered; absent where the run failed. */
  readonly provider: string | undefined;
  readonly error: unknown;
}

async function read(stream: ChatStream): Promise<Reading> {
  let text = "";
  let restarts = 0;
  let provider: string | undefined;
  try {
    for await (const event of stream) {
      assertEquals(provider, undefined);
      if (event.type === "text") text += event.text;
      if (event.type === "finish") {
        ({ provider } = event);
        assertEquals(event.attempts, stream.attempts);
      }
      if (event.type !== "restart") continue;
      assertEquals(event.discard, text.length);
      text = "";
      restarts++;
    }
  } catch (error) {
    return { text, restarts, provider, error };
  }
  assert(provider !== undefined);
  return { text, restarts, provider, error: undefined };
}

function checkReading(
  { text, restarts, provider, error }: Reading,
  actors: readonly RandomActor[],
  onPartial: OnPartial | undefined,
  reason: unknown,
): void {
  if (onPartial !== "restart") assertEquals(restarts, 0);
  if (error === undefined) {
    const answerer = actors.find((actor) => actor.provider.id === provider);
    assertEquals(text, answerer?.answer);
    return;
  }
  assert(actors.some(({ answer }) => answer.startsWith(text)));
  if (onPartial === "hold") assertEquals(text, "");
  if (error === reason) return;
  assert(error instanceof ProviderError, `It throws ${error}`);
  assertEquals(error.partial?.text, text);
  assert(!error.message.includes("provider threw"), error.message);
}

fuzz(
  "createFailover() gives one whole answer of one provider, or one error",
  async (random) => {
    const clock = new FakeClock();
    const actors = ["A", "B", "C"].map((id) => randomActor(id, random, clock));
    const options = randomFailoverOptions(random);
    const failover = createFailover(
      actors.map(({ provider }) => provider),
      { ...options, clock },
    );
    for (let run = 0; run < 3; run++) {
      const start = clock.now();
      const before = actors.map(({ runs }) => runs.length);
      const controller = new AbortController();
      const stream = failover.stream("Hi", { signal: controller.signal });
      const reason = new Error("enough");
      const timer = random() < 0.1
        ? clock.setTimeout(() => controller.abort(reason), 60_000 * random())
        : undefined;
      const reading = await settle(clock, read(stream));
      clock.clearTimeout(timer);
      checkReading(reading, actors, options.onPartial, reason);
      assert(clock.now() - start <= 60_000);
      const asked = actors.map(({ runs }, index) =>
        runs.length - (before[index] ?? 0)
      );
      for (const [index, count] of asked.entries()) {
        assert(count <= 1 + (actors[index]?.maxRetries ?? 0));
      }
      await flush();
      assertEquals(
        stream.attempts.length,
        asked.reduce((sum, count) => sum + count),
      );
      for (const { code, endMs } of stream.attempts.slice(0, -1)) {
        assert(code !== undefined && endMs !== undefined);
      }
      assertEquals(actors.map(({ open }) => open), [0, 0, 0]);
      assertEquals(clock.timers, 0);
    }
  },
  { share: 0.01 },
);
