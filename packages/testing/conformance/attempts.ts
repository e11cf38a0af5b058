import type {
  Attempt,
  ChatEvent,
  ChatInput,
  ChatOptions,
  ProviderError,
  ProviderOptions,
} from "@parley/chat";
import type { Fault, FaultPlan } from "../faults/fault.ts";
import type { RecordedRequest } from "../upstreams/upstream.ts";
import { check, checkEquals } from "./check.ts";
import { joinText, readAll } from "./ending.ts";
import type { ConformanceTarget } from "./target.ts";
import { createFixture, recordPaths, TEXT } from "./fixture.ts";
import { NO_TIMEOUTS } from "./waiting.ts";

/** The faults of a connection that never comes to a status. */
export const CONNECTION_FAULTS: readonly Fault[] = [
  { type: "refuse" },
  { type: "half-header" },
];

/** What befalls a run. */
export interface AttemptPlan extends FaultPlan {
  /** Options of the provider. */
  readonly provider?: ProviderOptions | undefined;
  /** Options of the run. */
  readonly options?: ChatOptions | undefined;
  /** What is asked. */
  readonly input?: ChatInput | undefined;
  /** Is called with each wait. */
  readonly onWait?: (() => void) | undefined;
}

/** What became of a run and its attempts. */
export interface AttemptedRun {
  /** Every event. */
  readonly events: readonly ChatEvent[];
  /** The text events, joined. */
  readonly text: string;
  /** What the run failed with, if it did. */
  readonly error: ProviderError | undefined;
  /** The requests that the faults befell, and those like them. */
  readonly sent: readonly RecordedRequest[];
  /** Every request. */
  readonly requests: readonly RecordedRequest[];
  /** The waits in between, in milliseconds. */
  readonly waits: readonly number[];
  /** The id of the provider. */
  readonly id: string;
}

/** Reads a run to its end and skips the waits between its attempts. */
export async function runAttempts(
  target: ConformanceTarget,
  { provider, options, input, onWait, ...plan }: AttemptPlan,
): Promise<AttemptedRun> {
  const { answerPath } = await recordPaths(target);
  const fixture = await createFixture(target, {
    plan,
    provider: { timeouts: NO_TIMEOUTS, ...provider },
  });
  const waits: number[] = [];
  const { events, error } = await fixture.clock.skipWaits(
    readAll(fixture.stream(options, input)),
    (ms) => {
      waits.push(ms);
      onWait?.();
    },
  );
  const pattern = new RegExp(plan.path ?? answerPath);
  return {
    events,
    text: joinText(events),
    error,
    sent: fixture.requests.filter(({ path }) => pattern.test(path)),
    requests: fixture.requests,
    waits,
    id: fixture.provider.id,
  };
}

/** The paths of a run that may fail: where it begins, and of the answer. */
export async function findPaths(
  target: ConformanceTarget,
): Promise<readonly string[]> {
  const { repeatablePath, answerPath } = await recordPaths(target);
  return [...new Set([repeatablePath ?? answerPath, answerPath])];
}

/** Checks that a run was tried so often and failed each time in one way. */
export function checkAttempts(
  { error, sent, id }: AttemptedRun,
  { count, ...facts }: { readonly count: number } & Partial<Attempt>,
): void {
  check(error !== undefined, "It takes a failure for an answer");
  checkEquals(sent.length, count, "The number of requests");
  const attempts = error.attempts ?? [];
  checkEquals(attempts.length, count, "The number of attempts reported");
  for (const attempt of attempts) {
    checkEquals(attempt.provider, id, "The provider of an attempt");
    check(attempt.model !== "", "An attempt has no model");
    check((attempt.endMs ?? -1) >= 0, "An attempt has no time of its end");
    for (const [name, expected] of Object.entries(facts)) {
      const key = name as keyof Attempt;
      checkEquals(attempt[key], expected, `The ${name} of an attempt`);
    }
  }
}

/** Checks that an answer is whole, and that nothing was said twice. */
export function checkWhole({ text, error, events }: AttemptedRun): void {
  checkEquals(error, undefined, "The error");
  checkEquals(text, TEXT, "The text");
  const last = events.at(-1);
  check(
    last?.type !== "finish" || last.text === undefined,
    "It corrects a text that was right",
  );
}
