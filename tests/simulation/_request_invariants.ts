import {
  findExchanges,
  findOutcome,
  type History,
  type Invariants,
} from "./_history.ts";
import { readQuestion } from "./_answers.ts";
import type { Exchange } from "./_exchange.ts";
import type { CompletionBody } from "./_openai_answer.ts";

/** Statuses for which chat-ui stores no message; of 404 another chat begins. */
const REFUSED = [429, 503, 404];

/** The longest that a run waits for a server, in milliseconds. */
const MAX_WAIT = 60_000;

/** The longest that a failover or a gateway waits for one of several. */
const MAX_SHORT_WAIT = 5_000;

/** The shortest that it waits before it tries again. */
const MIN_WAIT = 375;

/** Statuses that no second attempt may mend. */
const FINAL = [307, 400, 401, 404];

/** How many further attempts a server gets before it answers. */
const BUDGET = 60;

/** What an answer gives back of that. */
const GIVEN_BACK = 0.2;

/** For how long a server asks to be left alone, in milliseconds. */
export function findWait({ faults }: Exchange): number {
  const [fault] = faults;
  if (fault?.type !== "respond") return 0;
  const { headers = {} } = fault;
  return Number(headers["retry-after-ms"] ?? 0) ||
    1_000 * Number(headers["retry-after"] ?? 0);
}

/** In how many requests a run asks a server for all that it wants. */
function countSteps(exchange: Exchange, history: History): number {
  const { over, servers } = history.world;
  const { form, words = 1 } = findOutcome(history, exchange)?.caller ?? {};
  if (form === "tools") return 2;
  const isOne = over === "gateway" && form === "pictures" &&
    servers.some(({ draws }) => draws === "one");
  return isOne ? words : 1;
}

/** The requests of the same caller to the same server before one, in order. */
function findBefore(
  { exchanges }: History,
  exchange: Exchange,
): readonly Exchange[] {
  return exchanges.slice(0, exchanges.indexOf(exchange)).filter((other) =>
    other.question === exchange.question && other.server === exchange.server
  );
}

/** The request that one repeats; there is none where a run has several steps. */
export function findRepeated(
  history: History,
  exchange: Exchange,
): Exchange | undefined {
  if (countSteps(exchange, history) > 1) return undefined;
  return findBefore(history, exchange).at(-1);
}

/** What must be true of each request that a server gets. */
export const REQUEST_INVARIANTS: Invariants<Exchange> = {
  *"wrong input is not sent"(exchange, history) {
    const { caller } = findOutcome(history, exchange) ?? {};
    if (caller?.wrong === undefined) return;
    yield `Question ${caller.question} is sent: ${caller.wrong}`;
  },

  *"a request is repeated as often as it may be"(exchange, history) {
    const { question, server } = exchange;
    const { maxRetries = 0 } = history.world.servers[server] ?? {};
    const steps = countSteps(exchange, history);
    const count = findBefore(history, exchange).length + 1;
    if (count <= steps * (1 + maxRetries)) return;
    yield `Question ${question} is asked ${count} times of ${server}`;
  },

  *"a request is not repeated before it may be"(exchange, history) {
    const { question, server, at } = exchange;
    const before = findRepeated(history, exchange);
    if (before === undefined) return;
    const { kind } = history.world.servers[server] ?? {};
    const { status = 0, closedAt } = before;
    if (kind === "chat-ui" && !REFUSED.includes(status)) {
      yield `Question ${question} may be stored twice`;
    }
    if (kind !== "chat-ui" && FINAL.includes(status)) {
      yield `Question ${question} is repeated after ${status}`;
    }
    if (closedAt === undefined) {
      return yield `Question ${question} is repeated while it is answered`;
    }
    const { over, servers } = history.world;
    const isShort = over === "gateway" ||
      (over === "failover" && servers.length > 1 && !isLast(history, exchange));
    if (findWait(before) > (isShort ? MAX_SHORT_WAIT : MAX_WAIT)) {
      yield `Question ${question} waits for too long`;
    }
    // What is stored there, or forgotten, is another matter, and who lost a race
    // has refused nothing.
    const isLost = over !== "provider" && before.left !== undefined;
    const least = kind === "chat-ui" || isLost ? 0 : MIN_WAIT;
    if (at >= closedAt + Math.max(findWait(before), least)) return;
    yield `Question ${question} is repeated after ${at - closedAt} ms`;
  },

  *"who wants calls asks those who can make them"(exchange, history) {
    const { caller } = findOutcome(history, exchange) ?? {};
    const { kind } = history.world.servers[exchange.server] ?? {};
    if (caller?.form !== "tools" || kind === "openai") return;
    yield `Question ${caller.question} is asked of ${kind}`;
  },

  *"what comes in one piece is asked of one at a time"(exchange, history) {
    const { caller } = findOutcome(history, exchange) ?? {};
    if (history.world.over !== "failover" || caller?.stream !== false) return;
    if (caller.form === "tools") return;
    const isBeside = history.exchanges.some((other) =>
      other.question === exchange.question &&
      other.server !== exchange.server && other.at < exchange.at &&
      (other.closedAt ?? Infinity) > exchange.at
    );
    if (isBeside) yield `Question ${caller.question} is asked of two at once`;
  },

  *"nobody asks whose caller has gone"(exchange, history) {
    const { caller, endedAt } = findOutcome(history, exchange) ?? {};
    if (endedAt === undefined || exchange.at <= endedAt) return;
    yield `Question ${caller?.question} is asked after its end`;
  },

  *"a picture is asked for once"(exchange, history) {
    const { caller } = findOutcome(history, exchange) ?? {};
    if (caller?.form !== "pictures") return;
    if (countSteps(exchange, history) > 1) return;
    const { exchanges } = history;
    const before = exchanges.slice(0, exchanges.indexOf(exchange));
    const isTwice = before.some(({ question, closedAt = Infinity, isWhole }) =>
      question === exchange.question && (isWhole || closedAt > exchange.at)
    );
    if (isTwice) yield `Question ${caller.question} is drawn twice`;
  },

  *"a conversation is one run's at a time"(exchange, history) {
    const { instance, at, question } = exchange;
    const { id } = findOutcome(history, exchange)?.chat.conversation ?? {};
    if (id === undefined) return;
    for (const other of history.outcomes) {
      if (other.caller.question === question) continue;
      if (other.chat.conversation?.id !== id) continue;
      if (other.instance !== instance) continue;
      const isOpen = findExchanges(history, other).some((theirs) =>
        theirs.at < at && (theirs.closedAt ?? Infinity) > at
      );
      if (!isOpen) continue;
      yield `Question ${question} goes on beside ${other.caller.question}`;
    }
  },

  *"retries are within the budget"(exchange, { exchanges, outcomes }) {
    const { server, instance } = exchange;
    const own = exchanges.filter((other) =>
      other.server === server && other.instance === instance
    );
    if (own.length <= BUDGET) return;
    const counts = new Map<number, number>();
    for (const { question } of own) {
      counts.set(question, (counts.get(question) ?? 0) + 1);
    }
    let left = BUDGET - own.length + counts.size;
    for (const { caller, ending } of outcomes) {
      const count = counts.get(caller.question);
      if (ending !== "whole" || count === undefined) continue;
      left += count - 1 + GIVEN_BACK;
    }
    if (left < -0.5) yield `${own.length} requests of server ${server}`;
  },

  *"a chat has what was said in it, and nothing else"(exchange, history) {
    const { server, prompt } = exchange;
    const { caller, chat } = findOutcome(history, exchange) ?? {};
    if (history.world.servers[server]?.kind !== "openai") return;
    if (chat === undefined || caller?.form === "pictures") return;
    const body: CompletionBody = JSON.parse(prompt);
    const isSystem = ({ role }: { role: string }) => role === "system";
    const heeded = body.messages.filter(isSystem).map(({ content }) => content);
    const { system = chat.system } = caller ?? {};
    if (heeded.join() !== (system ?? "")) {
      yield `Question ${caller?.question} wants "${system}", and not ${heeded}`;
    }
    const messages = body.messages.filter((message) => !isSystem(message));
    const said = chat.turns.flatMap((
      { question, answer },
    ) => [question, answer]);
    for (const [index, text] of said.entries()) {
      const { content } = messages[index] ?? {};
      if (content === text) continue;
      yield `Question ${caller?.question} has ${JSON.stringify(content)}, ` +
        `and not ${JSON.stringify(text)}`;
    }
    const found = messages.filter(({ role }) => role === "tool").length;
    if (found !== 0 && found !== 2) {
      yield `Question ${caller?.question} has ${found} results of tools`;
    }
    const asked = messages[said.length]?.content;
    if (readQuestion(asked ?? "")?.question === caller?.question) return;
    yield `Question ${caller?.question} is asked as ${asked}`;
  },
};

/** Whether all other servers were asked before. */
function isLast(history: History, exchange: Exchange): boolean {
  const { question, server } = exchange;
  const others = new Set(
    history.exchanges
      .filter((other) => other.question === question)
      .map((other) => other.server),
  );
  others.delete(server);
  return others.size === history.world.servers.length - 1;
}
