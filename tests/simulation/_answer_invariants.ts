import { type History, type Invariants, isBefallen } from "./_history.ts";
import { type Outcome, toOwnTime } from "./_outcome.ts";
import { toMind, toThoughts } from "./_answers.ts";
import { DRAFT } from "./_model.ts";
import { EXPIRES_IN } from "./_instances.ts";
import { SECRET } from "./_random_faults.ts";
import { RELEASE } from "./_release_invariants.ts";

/** How many milliseconds a run may take. */
export const TOTAL = 600_000;

/** Whether nobody may think again of what another has begun to say. */
export function isOfOne({ exchanges }: Outcome, { world }: History): boolean {
  const { over, failover: { onPartial } } = world;
  return over === "provider" || exchanges.length < 2 ||
    over === "failover" && onPartial !== "continue" && onPartial !== "match";
}

/** Leaves out the beginning of a tag, which is shown where an answer breaks off. */
function withoutTag(text: string): string {
  return text.replace(/<\/?\w*$/, "");
}

/** What must be true at any time of what callers have been shown. */
export const SHOWN_INVARIANTS: Invariants<Outcome> = {
  *"a stream has one end"({ ending, problems }) {
    if (ending === "died") return;
    for (const problem of problems) yield `gets ${problem}`;
  },

  *"a text is a beginning of what a server meant to say"(
    { caller: { stop = "", total }, ending, text, meant, exchanges },
    { isOnTime },
  ) {
    // Where an answer breaks off, the beginning of a stop word is shown, too.
    const mayBreak = ending !== "whole" && (total !== undefined || !isOnTime ||
      text.includes(DRAFT) || exchanges.some(isBefallen));
    const rest = mayBreak ? stop.slice(0, -1) : "";
    // What was streamed in the place of a word is put right in the end.
    const [shown = ""] = withoutTag(text).split(DRAFT);
    if (meant.some((whole) => (whole + rest).startsWith(shown))) return;
    yield `gets ${JSON.stringify(text)}`;
  },

  *"a thought is a beginning of what a server thinks"(
    outcome,
    history,
  ) {
    const { caller: { question }, thought } = outcome;
    if (!isOfOne(outcome, history)) return;
    const mind = toMind(toThoughts(question).join(""));
    if (mind.startsWith(withoutTag(toMind(thought)))) return;
    yield `is thought of: ${thought}`;
  },

  *"no tool runs twice"({ calls }) {
    if (new Set(calls).size === calls.length) return;
    yield `runs ${calls.join(", ")}`;
  },
};

/** What must be true of callers when they are done. */
export const ENDING_INVARIANTS: Invariants<Outcome> = {
  *"an answer begins anew only where it may, and says why"(
    { reasons, attempts },
    { world },
  ) {
    if (world.over !== "failover" || reasons.length === 0) return;
    if (world.failover.onPartial !== "restart") {
      yield `begins anew: ${reasons.join()}`;
    }
    const codes = (attempts ?? []).map(({ code = "" }): string => code);
    for (const reason of reasons) {
      if (codes.splice(0, codes.indexOf(reason) + 1).length > 0) continue;
      yield `begins anew for "${reason}"`;
    }
  },

  *"nobody is told a secret"({ error, attempts, refusal }) {
    if (error === undefined && refusal === undefined) return;
    const told = `${refusal} ${JSON.stringify(attempts)} ` +
      Deno.inspect(error, { depth: 9 });
    if (told.includes(SECRET)) yield `is told the key: ${told}`;
    if (/answer in \d/.test(told)) yield `is told what it asked: ${told}`;
  },

  *"who leaves gets the reason for it"(outcome, { world }) {
    const { caller, ending, error, reason, code } = outcome;
    // Its own time may be over before.
    if (code === "conflict" || code === "timeout") return;
    if (ending !== "left" || caller.wrong || world.over === "gateway") return;
    if (error === undefined || error === reason) return;
    // Who only stops to read is told that it has.
    if (Object(error).name === "AbortError" && caller.form === "result") return;
    yield `leaves for ${reason}: ${error}`;
  },

  *"a run ends in time"(outcome, { isOnTime }) {
    const { caller, startedAt, endedAt = Infinity } = outcome;
    // Each step of several has its time. The clock of a system never goes back.
    if (caller.form === "tools" || !isOnTime) return;
    const longest = (caller.total ?? TOTAL) + toOwnTime(caller);
    if (endedAt - startedAt <= longest + RELEASE) return;
    yield `took ${endedAt - startedAt} ms`;
  },
};

/** Whether what a caller goes on with may be too old, or is for sure. */
export function mayBeTooOld(
  { chat: { token, askedAt = 0, readAt = 0 }, ...outcome }: Outcome,
  isSure = false,
): boolean {
  const { startedAt, endedAt = Infinity } = outcome;
  return token !== undefined &&
    (isSure
      ? startedAt - readAt >= EXPIRES_IN
      : endedAt - askedAt >= EXPIRES_IN);
}

/** Who is in the same chat at the same time. */
export function findRivals(
  { outcomes }: History,
  { caller, startedAt, endedAt = Infinity }: Outcome,
): readonly Outcome[] {
  return outcomes.filter((other) =>
    other.caller !== caller && other.caller.chat === caller.chat &&
    other.startedAt <= endedAt && (other.endedAt ?? Infinity) >= startedAt
  );
}
