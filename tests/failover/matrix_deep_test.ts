// Every place where an answer of 500 characters can break off.
import { assertEquals } from "@std/assert";
import { createFailover, type OnPartial } from "../../failover/mod.ts";
import { type ChatStream, type Provider, ProviderError } from "../../mod.ts";
import type { ConformanceTarget } from "@parley/testing";
import { TARGETS } from "../_providers.ts";
import {
  ANSWER,
  createCutProvider,
  createWholeProvider,
  OTHER_ANSWER,
} from "./_cut_answers.ts";

/** What a reader saw. */
interface Reading {
  /** What is shown at the end, to a reader that takes back what is void. */
  readonly shown: string;
  /** All text that came, to a reader that can only append. */
  readonly appended: string;
  readonly error: ProviderError | undefined;
}

async function read(stream: ChatStream): Promise<Reading> {
  let shown = "";
  let appended = "";
  let error: ProviderError | undefined;
  try {
    for await (const event of stream) {
      if (event.type === "text") {
        shown += event.text;
        appended += event.text;
      } else if (event.type === "restart") {
        // It never takes back more than was shown, nor leaves anything.
        assertEquals(event.discard, shown.length);
        shown = "";
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown;
    error = thrown;
  }
  assertEquals(stream.partial.text, shown);
  return { shown, appended, error };
}

/** Checks what comes of an answer that is cut after so many characters. */
type Check = (stream: () => ChatStream, cut: number) => Promise<void>;

function toCheck(answer: string, isAppended: boolean): Check {
  return async (stream, cut) => {
    const { shown, appended, error } = await read(stream());
    assertEquals(error, undefined);
    assertEquals(shown, answer);
    if (isAppended) assertEquals(appended, answer);
    else assertEquals(appended, ANSWER.slice(0, cut) + answer);
    // A run of its own, made of the same parts as `partial`.
    if (cut % 5 === 0) assertEquals((await stream().result()).text, answer);
  };
}

const CHECKS: Readonly<Record<OnPartial, Check>> = {
  restart: toCheck(OTHER_ANSWER, false),
  match: toCheck(ANSWER, true),
  hold: toCheck(OTHER_ANSWER, true),
  async continue(stream, cut) {
    const { appended, error } = await read(stream());
    assertEquals(error, undefined);
    assertEquals(appended, ANSWER.slice(0, cut) + OTHER_ANSWER);
  },
  async error(stream, cut) {
    const { appended, error } = await read(stream());
    if (cut === 0) {
      // Nothing was shown yet, so another route may answer.
      assertEquals([appended, error], [OTHER_ANSWER, undefined]);
      return;
    }
    assertEquals(appended, ANSWER.slice(0, cut));
    assertEquals(error?.code, "incomplete");
    assertEquals(error?.partial?.text, appended);
  },
};

async function testCuts(
  target: ConformanceTarget,
  onPartial: OnPartial,
): Promise<void> {
  const cutProvider = await createCutProvider(target);
  const whole = createWholeProvider(
    onPartial === "match" ? ANSWER : OTHER_ANSWER,
  );
  const routes: readonly Provider[] = [cutProvider.provider, whole];
  const failover = createFailover(routes, {
    onPartial,
    // A route is asked again in spite of all its failures.
    breaker: { failures: 100_000 },
  });
  for (let cut = 0; cut <= ANSWER.length; cut++) {
    cutProvider.cut = cut;
    await CHECKS[onPartial](() => failover.stream("Hello"), cut);
  }
}

for (const target of TARGETS) {
  for (
    const onPartial of [
      "restart",
      "match",
      "continue",
      "hold",
      "error",
    ] as const
  ) {
    Deno.test(`createFailover() gives one whole answer wherever ${target.name} is cut (${onPartial})`, async () => {
      await testCuts(target, onPartial);
    });
  }
}
