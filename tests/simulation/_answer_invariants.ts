import { STALL } from "./_gateway_caller.ts";
import {
  findExchanges,
  type History,
  type Invariants,
  isBefallen,
  isOnTime,
} from "./_history.ts";
import { hasEvents, type Outcome, toOwnTime } from "./_outcome.ts";
import { toAnswer } from "./_answers.ts";
import type { Exchange } from "./_exchange.ts";
import { EXPIRES_IN } from "./_instances.ts";
import { toServedModel } from "./_openai_answer.ts";

/** How many milliseconds a run may take, and its end. */
const TOTAL = 600_000;
const RELEASE = 200;

/** The request whose answer a caller got, as far as it is known. */
export function findAnswer(
  history: History,
  outcome: Outcome,
): Exchange | undefined {
  const { instances } = history;
  return findExchanges(history, outcome).findLast(({ server, instance }) =>
    instances[instance]?.providers[server]?.id === outcome.provider
  );
}

/** What must be true at any time of what callers have been shown. */
export const SHOWN_INVARIANTS: Invariants<Outcome> = {
  *"a stream has one end"({ caller, ending, problems }) {
    if (ending === "died") return;
    for (const problem of problems) {
      yield `Question ${caller.question} gets ${problem}`;
    }
  },

  *"a text is a beginning of what a server meant to say"(
    { caller, text, meant },
  ) {
    if (meant.some((whole) => whole.startsWith(text))) return;
    yield `Question ${caller.question} gets ${JSON.stringify(text)}`;
  },

  *"no tool runs twice"({ caller, calls }) {
    if (new Set(calls).size === calls.length) return;
    yield `Question ${caller.question} runs ${calls.join(", ")}`;
  },
};

/** What must be true of callers when they are done. */
export const ENDING_INVARIANTS: Invariants<Outcome> = {
  *"an answer that ends well is whole"(outcome, { world, instances }) {
    const { caller, ending, text, provider, meant, calls } = outcome;
    if (ending !== "whole") return;
    const isMeant = meant.some((whole, server) =>
      whole === text &&
      (provider === undefined || world.isOneVoice ||
        provider === instances[0]?.providers[server]?.id)
    );
    if (!isMeant) {
      yield `Question ${caller.question} gets from ${provider}: ` +
        JSON.stringify(text);
    }
    if (caller.form === "tools" && calls.length !== 2) {
      yield `Question ${caller.question} runs ${calls.length} calls`;
    }
  },

  *"an answer names who gives it"(outcome, history) {
    const { caller, ending, provider, model } = outcome;
    const { restartedBy = provider, speaker = provider } = outcome;
    const { form } = caller;
    if (ending !== "whole") return;
    // Who goes on with what was shown may have nothing to add.
    const { onPartial = "restart" } = history.world.failover;
    const hasSpoken = onPartial !== "continue" && onPartial !== "match";
    if (restartedBy !== provider || hasSpoken && speaker !== provider) {
      yield `Question ${caller.question} is answered by ${provider}, not ` +
        `by ${restartedBy} and ${speaker}`;
    }
    // Who is cut has not said how it is called.
    if (caller.stop !== undefined) return;
    const answer = findAnswer(history, outcome);
    if (history.world.servers[answer?.server ?? -1]?.kind !== "openai") return;
    if (!hasEvents(caller) && form !== "chunks") return;
    if (model === toServedModel("gpt-4o-mini")) return;
    yield `Question ${caller.question} is answered by ${model}`;
  },

  *"an answer has as many tokens as its server says"(outcome, history) {
    const { caller, ending, text, tokens } = outcome;
    const { form, stop } = caller;
    const { over, servers, failover } = history.world;
    if (ending !== "whole" || form === "tools" || form === "pictures") return;
    // A text alone tells nothing of it, nor does an answer that was cut.
    if (stop !== undefined || form === "textStream") return;
    const answer = findAnswer(history, outcome);
    if (answer === undefined || answer.faults.length > 0) return;
    if (servers[answer.server]?.kind !== "openai") return;
    // Who goes on with an answer counts what it says itself.
    const isEstimated = over === "gateway" && answer.tokens === undefined;
    if (isEstimated && failover.onPartial === "continue") return;
    const told = isEstimated ? Math.ceil(text.length / 4) : answer.tokens;
    if (tokens === told) return;
    yield `Question ${caller.question} has ${tokens} tokens, of ${told}`;
  },

  *"an error has what had come"(outcome, { world }) {
    const { caller, ending, error, text, partial } = outcome;
    if (ending !== "failed" || partial === undefined) return;
    if (!hasEvents(caller)) return;
    if (world.failover.onPartial === "hold" || text === partial) return;
    yield `Question ${caller.question} was shown ${JSON.stringify(text)} ` +
      `and gets ${JSON.stringify(partial)} with ${error}`;
  },

  *"nothing is shown that is held and not whole"(outcome, { world }) {
    const { caller, ending, text } = outcome;
    if (world.over === "provider" || world.failover.onPartial !== "hold") {
      return;
    }
    // What is whole may be read too slowly.
    if (caller.restarts || toOwnTime(caller) > 0) return;
    if (ending !== "failed" || text === "") return;
    yield `Question ${caller.question} fails after ${JSON.stringify(text)}`;
  },

  *"an answer begins anew only where it may, and says why"(
    { caller, reasons, attempts, ending },
    { world },
  ) {
    if (world.over !== "failover" || reasons.length === 0) return;
    if (world.failover.onPartial !== "restart") {
      yield `Question ${caller.question} begins anew: ${reasons.join()}`;
    }
    if (ending === "died") return;
    const codes = (attempts ?? []).map(({ code = "" }): string => code);
    for (const reason of reasons) {
      if (codes.splice(0, codes.indexOf(reason) + 1).length > 0) continue;
      yield `Question ${caller.question} begins anew for "${reason}"`;
    }
  },

  *"a server whose answer is cut is left"(outcome, history) {
    const { caller, ending, text } = outcome;
    if (ending !== "whole" || caller.stop === undefined) return;
    for (const exchange of findExchanges(history, outcome)) {
      const { voice } = history.servers[exchange.server] ?? {};
      const { kind, pace = 0, piece } =
        history.world.servers[exchange.server] ??
          {};
      if (voice === undefined || kind !== "openai") continue;
      if (pace === 0 || piece !== undefined || !caller.stream) continue;
      const words = toAnswer(voice, caller.question, caller.words);
      const early = words.slice(0, -1).join("");
      if (!exchange.isWhole || !early.startsWith(text + caller.stop)) continue;
      yield `Question ${caller.question} has server ${exchange.server} go on`;
    }
  },

  *"nothing fails where nothing befalls"(outcome, history) {
    const { caller, ending, code, error } = outcome;
    if (ending !== "failed" || caller.wrong !== undefined) return;
    if (isAllowed(history, outcome)) return;
    const exchanges = findExchanges(history, outcome);
    if (exchanges.some((exchange) => isBefallen(exchange, history))) return;
    yield `Question ${caller.question} fails: ${code} ${error}`;
  },

  *"wrong input is refused"({ caller, ending }) {
    if (caller.wrong === undefined || ending !== "whole") return;
    yield `Question ${caller.question} is answered`;
  },

  *"a conversation moves on only with a whole answer"(
    { caller, ending, next },
  ) {
    if (ending !== "failed" || next === undefined) return;
    yield `Question ${caller.question} fails, and its chat has moved on`;
  },

  *"who leaves gets the reason for it"(outcome, { world }) {
    const { caller, ending, error, reason, code } = outcome;
    // Its own time may be over before.
    if (code === "conflict" || code === "timeout") return;
    if (ending !== "left" || caller.wrong || world.over === "gateway") return;
    if (error === undefined || error === reason) return;
    // Who only stops to read is told that it has.
    if (Object(error).name === "AbortError" && caller.form === "result") return;
    yield `Question ${caller.question} leaves for ${reason}: ${error}`;
  },

  *"a run ends in time"(outcome, history) {
    const { caller, startedAt, endedAt = Infinity } = outcome;
    // Each step of several has its time. The clock of a system never goes back.
    if (caller.form === "tools" || !isOnTime(history)) return;
    const longest = (caller.total ?? TOTAL) + toOwnTime(caller);
    if (endedAt - startedAt <= longest + RELEASE) return;
    yield `Question ${caller.question} took ${endedAt - startedAt} ms`;
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

/** Whether a caller may be refused, though all servers are well. */
function isAllowed(
  history: History,
  outcome: Outcome,
): boolean {
  const { caller, code = "", instance } = outcome;
  const { startedAt, endedAt = Infinity } = outcome;
  const { world, outcomes } = history;
  const hasTrouble = world.steps.some((step) => step.do === "trouble");
  const isShared = outcomes.some((other) =>
    other.caller !== caller && other.caller.chat === caller.chat &&
    other.instance === instance && other.startedAt <= endedAt &&
    (other.endedAt ?? Infinity) >= startedAt
  );
  // Who leaves a chat of chat-ui stops the answer of whoever is in it, too.
  const isStopped = world.servers.some(({ kind }) => kind === "chat-ui") &&
    caller.chat !== undefined;
  // A clock that is set on makes silences longer.
  const isSet = !isOnTime(history);
  const allowed: Readonly<Record<string, boolean>> = {
    "conflict": isShared,
    "rate_limit_exceeded": true,
    "timeout": caller.total !== undefined || isSet,
    // What another says after such a silence may not go with what was shown.
    "incomplete": isSet,
    "conversation_unavailable": hasTrouble,
    "request_timeout": caller.upload !== undefined,
    "invalid_conversation": isSet || mayBeTooOld(outcome),
    "Client takes nothing": (caller.pause?.ms ?? 0) > STALL || isSet,
  };
  return isStopped || allowed[code] === true;
}
