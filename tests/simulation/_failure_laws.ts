import {
  findRivals,
  hasEvents,
  hasOpened,
  isBefallen,
  mayBeTooOld,
  toOwnTime,
} from "./_facts.ts";
import { isProviderError } from "../../mod.ts";
import { STALL } from "./_gateway_caller.ts";
import type { History, Laws } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";
import {
  countAttempts,
  countBudget,
  findBefore,
  findWait,
  mayPass,
} from "./_retries.ts";

/** How long a run may take, in milliseconds, before its time is over. */
const LONGEST = 500_000;

/** Codes of what no other route may mend. */
const OWN_CODES = [
  "invalid-request",
  "invalid_request_error",
  "invalid_value",
  "Client takes nothing",
];

/** Whether a server was left for one that spoke first, and had not failed. */
function isLost(exchange: Exchange): boolean {
  const { server, plan, status = 200, left, spokeAt, outcome } = exchange;
  const { endedAt = Infinity, exchanges } = outcome;
  const { closedAt = endedAt } = exchange;
  return plan.kind === "openai" && left !== undefined &&
    spokeAt === undefined && status === 200 && closedAt < endedAt &&
    // The one that won has spoken, and broke off.
    exchanges.some((other) =>
      other.server !== server && (other.spokeAt ?? Infinity) <= closedAt &&
      (other.closedAt ?? 0) >= closedAt
    );
}

/** What must be true of callers with an error. */
export const FAILED_LAWS: Laws<Outcome> = {
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

  *"who may begin anew fails only where no server gives an answer"(
    { caller, code, text, exchanges },
    { world },
  ) {
    const { over, failover: { onPartial }, isOneVoice, servers } = world;
    // Who compares is answered by who says the same.
    const says = servers.map(({ most, thinks, finalText }) =>
      `${most} ${thinks} ${finalText}`
    );
    const isSame = isOneVoice && new Set(says).size === 1 &&
      onPartial === "match";
    const canRestart = isSame ||
      (over === "gateway"
        ? caller.restarts || !caller.stream
        : onPartial === "restart" || onPartial === "hold");
    if (over === "provider" || !canRestart || code === "timeout") return;
    // A text alone cannot be taken back.
    const forms = ["tools", "pictures", "response", "textStream"];
    if (forms.includes(caller.form)) return;
    if (code === "Client takes nothing" || caller.wrong) return;
    for (const { server, plan, isWhole, status } of exchanges) {
      if (plan.kind !== "openai" || !isWhole || status !== 200) continue;
      yield `fails with ${code} after ${text}, and server ${server} answers`;
    }
  },

  *"a conversation moves on only with a whole answer"({ next }) {
    if (next !== undefined) yield "fails, and its chat has moved on";
  },

  *"a run fails only once every route was asked"(outcome, history) {
    const { world, servers, kinds } = history;
    const { caller, text, thought, code = "", exchanges } = outcome;
    const { startedAt, endedAt = Infinity } = outcome;
    if (world.over === "provider") return;
    // A clock that is set on ends all at once.
    if (code === "timeout" && !history.isOnTime) return;
    if (caller.wrong || caller.form === "tools") return;
    // A chat at chat-ui may be in use.
    if (kinds.has("chat-ui") && caller.chat !== undefined) return;
    // Who reads a result does not know what was shown of it.
    if (["result", "textStream"].includes(caller.form)) return;
    // Nothing may be asked where something was shown, or all time is over.
    const longest = Math.min(caller.total ?? LONGEST, LONGEST);
    if (text + thought !== "" || endedAt - startedAt >= longest) return;
    if (exchanges.length === 0 || OWN_CODES.includes(code)) return;
    const asked = new Set(exchanges.map(({ server }) => server));
    if (asked.size === servers.length || hasOpened(history, endedAt)) return;
    yield `fails with ${code}, and was asked of ${asked.size} servers`;
  },

  *"a run fails only once it has tried as often as it may"(outcome, history) {
    const { over, isNested, failover: { onPartial = "restart" } } =
      history.world;
    const { caller, text, thought, exchanges, code = "", endedAt = 0 } =
      outcome;
    if (caller.form === "tools" || code === "timeout") return;
    const isAlone = over === "provider";
    const canGoOn = hasEvents(caller) &&
      (["restart", "hold"].includes(onPartial) || text + thought === "");
    const isJudged = isAlone || over === "failover" && !isNested &&
        caller.stream && canGoOn && !OWN_CODES.includes(code) &&
        !hasOpened(history, endedAt);
    if (!isJudged) return;
    const last = new Map(exchanges.map((one) => [one.server, one]));
    for (const [server, exchange] of last) {
      const mayGoOn = isAlone
        ? mayPass(exchange)
        : isLost(exchange) && !mayPass(exchange);
      const tried = findBefore(exchange).length + 1;
      if (!mayGoOn || tried >= countAttempts(exchange)) continue;
      if (countBudget(exchange, history).least < 1) continue;
      yield `fails with ${code} after ${tried} attempts at ${server}`;
    }
  },

  *"a failure is told as the first route's, unless something was shown"(
    { caller, text, error, exchanges, events, startedAt },
    history,
  ) {
    if (history.world.over !== "failover") return;
    if (!isProviderError(error) || !hasEvents(caller) || text !== "") return;
    if (error.code === "timeout" || hasOpened(history, startedAt)) return;
    const [first] = exchanges;
    if (first === undefined || history.kinds.has("chat-ui")) return;
    const isRefused = exchanges.every(({ status = 200 }) => status >= 400);
    if (!isRefused || events.includes("route")) return;
    const own = exchanges.findLast(({ server }) => server === first.server);
    if (error.status === own?.status) return;
    yield `is told of ${error.status}, and not of ${own?.status}`;
  },

  *"a failure is one of its attempts"(outcome, { world: { over } }) {
    const { caller, attempts, code = "", error } = outcome;
    if (over !== "failover" || !isProviderError(error)) return;
    // A text alone cannot be taken back.
    if (!hasEvents(caller)) return;
    if (!attempts?.length || code === "timeout") return;
    const codes = attempts.map((attempt) => attempt.code);
    if (!codes.includes(error.code)) yield `fails with ${code}, after ${codes}`;
  },

  *"an error asks to wait as its servers do"(outcome) {
    const { caller, error, exchanges } = outcome;
    if (!isProviderError(error)) return;
    // Its own time may be over before.
    if (error.code === "timeout" || exchanges.length === 0) return;
    if (caller.wrong || caller.form === "tools") return;
    if (exchanges.some(({ status = 200 }) => status === 200)) return;
    const last = new Map(
      exchanges.map((exchange) => [exchange.server, exchange]),
    );
    const waits = [...last.values()].map(findWait).filter((wait) => wait > 0);
    const wanted = waits.length === 0 ? undefined : Math.min(...waits);
    if (error.retryAfter === wanted) return;
    yield `is told to wait ${error.retryAfter}, and not ${wanted}`;
  },
};

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
