import { STALL } from "./_gateway_caller.ts";
import { type History, type Invariants, isBefallen } from "./_history.ts";
import { hasEvents, type Outcome, toOwnTime } from "./_outcome.ts";
import { toThoughts } from "./_answers.ts";
import { DRAFT } from "./_model.ts";
import { EXPIRES_IN } from "./_instances.ts";
import { SECRET } from "./_random_faults.ts";
import { RELEASE } from "./_release_invariants.ts";

/** How many milliseconds a run may take. */
const TOTAL = 600_000;

/** The shortest time after which a clock runs out, unless a caller sets one. */
const SHORTEST = 20_000;

/** Whether nobody may think again of what another has begun to say. */
export function isOfOne({ exchanges }: Outcome, { world }: History): boolean {
  const { over, failover: { onPartial } } = world;
  return over === "provider" || exchanges.length < 2 ||
    over === "failover" && onPartial !== "continue" && onPartial !== "match";
}

/** What must be true at any time of what callers have been shown. */
export const SHOWN_INVARIANTS: Invariants<Outcome> = {
  *"a stream has one end"({ ending, problems }) {
    if (ending === "died") return;
    for (const problem of problems) yield `gets ${problem}`;
  },

  *"a text is a beginning of what a server meant to say"(
    { caller: { stop = "" }, text, meant, exchanges },
  ) {
    // Where an answer breaks off, the beginning of a stop word is shown, too.
    const rest = exchanges.some(isBefallen) ? stop.slice(0, -1) : "";
    const shown = text.endsWith(DRAFT) ? text.slice(0, -DRAFT.length) : text;
    if (meant.some((whole) => (whole + rest).startsWith(shown))) return;
    yield `gets ${JSON.stringify(text)}`;
  },

  *"a thought is a beginning of what a server thinks"(
    outcome,
    history,
  ) {
    const { caller: { question }, thought } = outcome;
    if (!isOfOne(outcome, history)) return;
    if (toThoughts(question).join("").startsWith(thought)) return;
    yield `is thought of: ${thought}`;
  },

  *"no tool runs twice"({ calls }) {
    if (new Set(calls).size === calls.length) return;
    yield `runs ${calls.join(", ")}`;
  },
};

/** What must be true of callers with an error. */
export const FAILED_INVARIANTS: Invariants<Outcome> = {
  *"an error has what had come"({ caller, error, text, partial }, { world }) {
    if (partial === undefined || !hasEvents(caller)) return;
    if (world.failover.onPartial === "hold" || text === partial) return;
    yield `was shown ${JSON.stringify(text)} and gets ` +
      `${JSON.stringify(partial)} with ${error}`;
  },

  *"nothing is shown that is held and not whole"({ caller, text }, { world }) {
    if (world.over === "provider" || world.failover.onPartial !== "hold") {
      return;
    }
    // What is whole may be read too slowly.
    if (caller.restarts || toOwnTime(caller) > 0 || text === "") return;
    yield `fails after ${JSON.stringify(text)}`;
  },

  *"nothing fails where nothing befalls"(outcome, history) {
    const { caller, code, error, exchanges } = outcome;
    if (caller.wrong !== undefined || isAllowed(history, outcome)) return;
    if (!exchanges.some(isBefallen)) yield `fails: ${code} ${error}`;
  },

  *"no clock runs out before its time"(outcome, { isOnTime }) {
    const { caller, startedAt, endedAt = 0, code } = outcome;
    if (code !== "timeout" || !isOnTime) return;
    const took = endedAt - startedAt;
    if (took < Math.min(caller.total ?? TOTAL, SHORTEST)) {
      yield `is out of time after ${took} ms`;
    }
  },

  *"who may begin anew fails only where no server gives an answer"(
    { caller, code, text, exchanges },
    { world },
  ) {
    const { over, failover: { onPartial } } = world;
    const canRestart = over === "gateway"
      ? caller.restarts || !caller.stream
      : onPartial === "restart" || onPartial === "hold";
    if (over === "provider" || !canRestart || code === "timeout") return;
    if (["tools", "pictures", "response"].includes(caller.form)) return;
    if (code === "Client takes nothing" || caller.wrong) return;
    for (const { server, plan, isWhole, status } of exchanges) {
      if (plan.kind !== "openai" || !isWhole || status !== 200) continue;
      yield `fails with ${code} after ${text}, and server ${server} answers`;
    }
  },

  *"a conversation moves on only with a whole answer"({ next }) {
    if (next !== undefined) yield "fails, and its chat has moved on";
  },
};

/** What must be true of callers when they are done. */
export const ENDING_INVARIANTS: Invariants<Outcome> = {
  *"an answer begins anew only where it may, and says why"(
    { reasons, attempts },
    { world },
  ) {
    if (world.over !== "failover" || reasons.length === 0) return;
    if (world.failover.onPartial !== "restart" && !world.isNested) {
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

/** Whether a caller may be refused, though all servers are well. */
function isAllowed(history: History, outcome: Outcome): boolean {
  const { world, kinds, isOnTime } = history;
  const { caller, code = "", instance } = outcome;
  const isShared = findRivals(history, outcome)
    .some((other) => other.instance === instance);
  // Who leaves a chat of chat-ui stops the answer of whoever is in it, too.
  const isStopped = kinds.has("chat-ui") && caller.chat !== undefined;
  const allowed: Readonly<Record<string, boolean>> = {
    "conflict": isShared,
    "rate_limit_exceeded": true,
    // A clock that is set on makes silences longer.
    "timeout": caller.total !== undefined || !isOnTime,
    // What another says after such a silence may not go with what was shown, nor
    // what one says in the end.
    "incomplete": !isOnTime || world.over === "gateway" &&
        world.servers.some(({ finalText }) => finalText === "other"),
    "conversation_unavailable": world.steps.some((step) =>
      step.do === "trouble"
    ),
    "request_timeout": caller.upload !== undefined,
    "invalid_conversation": !isOnTime || mayBeTooOld(outcome),
    "Client takes nothing": (caller.pause?.ms ?? 0) > STALL || !isOnTime,
  };
  return isStopped || allowed[code] === true;
}
