import { hasOpened } from "./_facts.ts";
import type { History, Laws } from "./_history.ts";
import type { CompletionBody } from "./_openai_answer.ts";
import type { Exchange } from "./_outcome.ts";
import { SECRET } from "./_random_faults.ts";
import {
  countAttempts,
  countBudget,
  countSteps,
  findBefore,
  findRepeated,
  findWait,
  isPassing,
  MAX_WAIT,
} from "./_retries.ts";

/** Statuses for which chat-ui stores no message; of 404 another chat begins. */
const REFUSED = [429, 503, 404];

/** The longest that a failover or a gateway waits for one of several. */
const MAX_SHORT_WAIT = 5_000;

/** Between which times it tries again, where nobody says when. */
const MIN_DELAY = 375;
const FIRST_DELAY = 500;
const MAX_DELAY = 8_000;

/** What must be true of each request that a server gets. */
export const REQUEST_LAWS: Laws<Exchange> = {
  *"wrong input is not sent"({ outcome: { caller } }) {
    if (caller.wrong !== undefined) yield `is sent: ${caller.wrong}`;
  },

  *"a request has the key of its server"({ key }) {
    if (key !== `Bearer ${SECRET}`) yield `is sent with ${key}`;
  },

  *"who is refused as wrong asks nobody else"({ at, outcome }) {
    const [{ status, closedAt = Infinity } = {}] = outcome.exchanges;
    if (status === 400 && closedAt < at) yield "is asked all the same";
  },

  *"a request is repeated as often as it may be"(exchange, history) {
    // What is forgotten begins anew.
    const isKnown = ({ plan, status }: Exchange) =>
      plan.kind !== "chat-ui" || status !== 404;
    const count = findBefore(exchange).filter(isKnown).length + 1;
    if (count <= countSteps(exchange, history) * countAttempts(exchange)) {
      return;
    }
    yield `is asked ${count} times`;
  },

  *"a request is repeated when it may be"(exchange, history) {
    const { at, plan: { kind }, outcome: { caller } } = exchange;
    const before = findRepeated(exchange, history);
    if (before === undefined) return;
    const { status = 0, closedAt } = before;
    if (kind === "chat-ui" && !REFUSED.includes(status)) {
      yield "may be stored twice";
    }
    if (kind !== "chat-ui" && status > 0 && !isPassing(before)) {
      yield `is repeated after ${status}`;
    }
    if (closedAt === undefined) return yield "is repeated while it is answered";
    const { over, servers } = history.world;
    const isShort = over === "gateway" ||
      (over === "failover" && servers.length > 1 && !isLast(exchange, history));
    const longest = isShort ? MAX_SHORT_WAIT : MAX_WAIT;
    const wait = findWait(before);
    if (wait > Math.min(longest, caller.maxRetryDelay ?? longest)) {
      yield "waits for too long";
    }
    // Who loads a model is left for others, unless one of them may be shut.
    const isLeft = over === "failover" && isShort && caller.form !== "tools" &&
      !history.world.isNested && !hasOpened(history, at);
    if (isLeft && status === 503 && wait > 0) {
      yield "is repeated while it loads";
    }
    // What is stored there, or forgotten, is another matter, and who lost a race
    // has refused nothing.
    const isLost = over !== "provider" && before.left !== undefined;
    const least = kind === "chat-ui" || isLost ? 0 : MIN_DELAY;
    if (at < closedAt + Math.max(wait, least)) {
      yield `is repeated after ${at - closedAt} ms`;
    }
    if (over !== "provider" || kind === "chat-ui") return;
    const failures = findBefore(exchange).length;
    const delay = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** (failures - 1));
    const waited = at - closedAt;
    if (waited <= wait + delay && waited >= 0.75 * delay) return;
    yield `is repeated after ${waited} ms and ${failures} failures`;
  },

  *"who wants calls asks those who can make them"({ plan, outcome }) {
    if (outcome.caller.form !== "tools" || plan.kind === "openai") return;
    yield `is asked of ${plan.kind}`;
  },

  *"two are asked at once only after a silence"(exchange, history) {
    const { at, outcome: { caller, exchanges } } = exchange;
    const { over, isNested, failover } = history.world;
    if (isNested || !history.isOnTime) return;
    if (countSteps(exchange, history) > 1) return;
    // Who is asked again has waited for something else.
    if (findBefore(exchange).length > 0) return;
    const begun = exchanges.slice(0, exchanges.indexOf(exchange))
      .filter(({ closedAt = Infinity }) => closedAt > at)
      .map((other) => findBefore(other)[0]?.at ?? other.at);
    // What comes in one piece says nothing for long, and a picture is dear.
    const isQuiet = caller.form === "pictures" ||
      over === "failover" && !caller.stream;
    const { hedgeAfter = 10_000 } = failover;
    const silence = isQuiet ? Infinity : hedgeAfter ?? Infinity;
    const waited = at - Math.max(-Infinity, ...begun);
    if (waited < silence) yield `is asked beside another after ${waited} ms`;
  },

  *"nobody asks whose caller has gone"({ at, outcome: { endedAt = at } }) {
    if (at > endedAt) yield "is asked after its end";
  },

  *"a picture is asked for once"(exchange, history) {
    const { at, outcome: { caller, exchanges } } = exchange;
    if (caller.form !== "pictures" || countSteps(exchange, history) > 1) return;
    const isTwice = exchanges.slice(0, exchanges.indexOf(exchange))
      .some(({ isWhole, closedAt = Infinity }) => isWhole || closedAt > at);
    if (isTwice) yield "is drawn twice";
  },

  *"a conversation is one run's at a time"({ at, outcome }, { outcomes }) {
    const { chat: { conversation }, instance, caller } = outcome;
    if (conversation === undefined) return;
    for (const other of outcomes) {
      if (other.caller === caller || other.instance !== instance) continue;
      if (other.chat.conversation?.id !== conversation.id) continue;
      const isOpen = other.exchanges.some((theirs) =>
        theirs.at < at && (theirs.closedAt ?? Infinity) > at
      );
      if (isOpen) yield `goes on beside ${other.caller.question}`;
    }
  },

  *"retries are within the budget"(exchange, history) {
    const { most } = countBudget(exchange, history);
    if (most < -0.5) yield `is asked beyond the budget`;
  },

  *"a request says what its caller wants"(exchange, { world: { over } }) {
    const { prompt, plan, outcome: { caller } } = exchange;
    if (plan.kind !== "openai" || caller.form === "pictures") return;
    const body: CompletionBody = JSON.parse(prompt);
    const isOwn = over !== "gateway" && caller.form !== "tools";
    if (isOwn && body.stream !== caller.stream) {
      yield `is asked with "stream" ${body.stream}`;
    }
    const set = [body.temperature, body.top_p].join();
    if (set !== (caller.sets ? "0.5,0.9" : ",")) yield `is asked with ${set}`;
    if (body.stream && !body.stream_options?.include_usage) {
      yield "does not ask what it costs";
    }
    const calls = body.messages.flatMap(({ tool_calls = [] }) => tool_calls)
      .map(({ id }) => id);
    const found = body.messages.flatMap(({ tool_call_id = [] }) =>
      tool_call_id
    );
    if (new Set(calls).size === calls.length && `${calls}` === `${found}`) {
      return;
    }
    yield `has results of ${found} for ${calls}`;
  },
};

/** Whether all other servers were asked before. */
function isLast(
  { outcome, server }: Exchange,
  { world: { servers } }: History,
): boolean {
  const asked = new Set(outcome.exchanges.map((other) => other.server));
  return asked.add(server).size === servers.length;
}
