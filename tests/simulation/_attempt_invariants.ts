import { readQuestion } from "./_answers.ts";
import {
  findExchanges,
  findOutcome,
  type History,
  type Invariants,
  isOnTime,
} from "./_history.ts";
import type { Exchange } from "./_exchange.ts";
import type { Outcome } from "./_outcome.ts";

/** Whether a request brought the answer that its caller got. */
function isOf(
  exchange: Exchange,
  provider: string | undefined,
  history: History,
): boolean {
  const outcome = findOutcome(history, exchange);
  return outcome?.ending === "whole" && outcome.provider === provider &&
    findExchanges(history, outcome).findLast(({ server }) =>
        server === exchange.server
      ) === exchange;
}

/** What must be true of what a caller is told of its attempts. */
export const ATTEMPT_INVARIANTS: Invariants<Outcome> = {
  *"attempts are what the servers saw"(outcome, history) {
    const { world } = history;
    const { caller, attempts, ending } = outcome;
    if (world.servers.some(({ kind }) => kind === "chat-ui")) return;
    if (attempts === undefined || caller.form === "tools") return;
    if (ending === "died") return;
    const seen = findExchanges(history, outcome).length;
    // Who leaves, or loses a race, may do so before a request is sent.
    const isHedged = world.over !== "provider" &&
      world.failover.hedgeAfter !== null;
    const most = ending === "left" || isHedged ? seen + 1 : seen;
    if (attempts.length >= seen && attempts.length <= most) return;
    yield `Question ${caller.question} has ${attempts.length} attempts, ` +
      `and was asked ${seen} times`;
  },

  *"an answer that chat-ui goes on with is found again"(outcome, history) {
    const { caller, attempts = [], ending, instance } = outcome;
    if (ending === "died" || caller.chat !== undefined) return;
    const { isOneVoice, failover } = history.world;
    // What is found may be another answer than the one that was shown.
    if (failover.onPartial === "match" && !isOneVoice) return;
    for (const exchange of findExchanges(history, outcome)) {
      const { server, faults: [fault], status, left } = exchange;
      const { id } = history.instances[instance]?.providers[server] ?? {};
      if (!history.world.servers[server]?.isNewest) continue;
      const isCut = fault?.type === "cut" || fault?.type === "reset";
      if (!isCut || status !== 200 || left !== undefined) continue;
      const lost = attempts.find(({ provider, code }) =>
        provider === id && (code === "incomplete" || code === "network")
      );
      if (lost === undefined) continue;
      yield `Question ${caller.question} fails with ${lost.code} at ${id}`;
    }
  },

  *"a chat at chat-ui is told once of what was said elsewhere"(
    outcome,
    history,
  ) {
    const { caller, chat, instance } = outcome;
    const { over, servers } = history.world;
    if (over === "provider" || caller.form === "pictures") return;
    // All of them have the same name.
    if (servers.filter(({ kind }) => kind === "chat-ui").length > 1) return;
    for (const exchange of findExchanges(history, outcome)) {
      const { server, path, prompt } = exchange;
      if (servers[server]?.kind !== "chat-ui") continue;
      const { id } = history.instances[instance]?.providers[server] ?? {};
      const { exchanges } = history;
      const before = exchanges.slice(0, exchanges.indexOf(exchange))
        .filter((other) => other.path === path && other.server === server);
      for (const { question, answer } of chat.turns) {
        // Who goes on with an answer has not said the whole of it.
        const beginning = answer.slice(0, answer.indexOf(":") + 1);
        const isAnswered = before.some((other) =>
          other.question === readQuestion(question)?.question &&
          !other.prompt.includes(beginning) && isOf(other, id, history)
        );
        const isTold = prompt.includes(question) && prompt.includes(answer);
        const wasTold = before.some(({ prompt }) =>
          prompt.includes(question) && prompt.includes(answer)
        );
        if (isAnswered ? !isTold : isTold || wasTold) continue;
        yield `Question ${caller.question} is asked at server ${server}, which ` +
          `was ${isTold ? "told" : "not told"} ${JSON.stringify(question)}`;
      }
    }
  },

  *"a chat that chat-ui has forgotten begins anew there"(outcome, history) {
    const { caller, ending } = outcome;
    if (history.world.over === "provider" || ending === "left") return;
    if (ending === "died" || caller.total !== undefined) return;
    const exchanges = findExchanges(history, outcome);
    for (const [index, { server, status, path }] of exchanges.entries()) {
      if (history.world.servers[server]?.kind !== "chat-ui") continue;
      const isKnown = history.exchanges.some((other) =>
        other.path === path && other.question !== caller.question
      );
      if (status !== 404 || !isKnown) continue;
      const isAsked = exchanges.slice(index + 1).some((other) =>
        other.server === server && other.path !== path
      );
      if (isAsked) continue;
      yield `Question ${caller.question} is not asked again at ${server}`;
    }
  },

  *"the last attempt is the one that answers"({ caller, ending, ...outcome }) {
    const { attempts = [], provider } = outcome;
    if (ending !== "whole" || caller.form === "tools") return;
    const last = attempts.at(-1);
    if (last === undefined || provider === undefined) return;
    if (last.provider === provider && last.code === undefined) return;
    yield `Question ${caller.question} is answered by ${provider}, and ` +
      `its last attempt is at ${last.provider}: ${last.code}`;
  },

  *"an attempt tells how a server answered it"(outcome, history) {
    const { caller, attempts = [], ending, instance } = outcome;
    if (caller.form === "tools" || ending === "died") return;
    const exchanges = findExchanges(history, outcome);
    for (const [server, { kind }] of history.world.servers.entries()) {
      if (kind !== "openai") continue;
      const { id } = history.instances[instance]?.providers[server] ?? {};
      const own = attempts.filter(({ provider }) => provider === id);
      const seen = exchanges.filter((exchange) => exchange.server === server);
      for (const [index, attempt] of own.entries()) {
        const { status, code, startedAt } = attempt;
        const { status: answered, at } = seen[index] ?? {};
        if (answered === undefined || ending === "left") continue;
        const isGood = answered === 200 || code !== undefined;
        if (status !== answered || !isGood) {
          yield `Question ${caller.question} was answered ${answered} by ` +
            `server ${server}, and is told ${status} ${code}`;
        }
        if (startedAt === undefined || !isOnTime(history)) continue;
        if (startedAt <= (at ?? 0)) continue;
        yield `Question ${caller.question} was asked at ${at}, ` +
          `and is told ${startedAt}`;
      }
    }
  },
};
