import { readQuestion, toQuestion } from "./_answers.ts";
import { isOfOne } from "./_answer_invariants.ts";
import type { Invariants } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";

/** Whether a request brought the answer that its caller got. */
function isOf(exchange: Exchange, provider: string): boolean {
  const { outcome, server } = exchange;
  return outcome.ending === "whole" && outcome.provider === provider &&
    outcome.exchanges.findLast((other) => other.server === server) === exchange;
}

/** What must be true of what a caller is told of its attempts. */
export const ATTEMPT_INVARIANTS: Invariants<Outcome> = {
  *"attempts are what the servers saw"(outcome, { world, kinds }) {
    const { caller, attempts, ending, exchanges: { length } } = outcome;
    if (kinds.has("chat-ui") || caller.form === "tools" || !attempts) return;
    // Who leaves, or loses a race, may do so before a request is sent.
    const isHedged = world.over !== "provider" &&
      world.failover.hedgeAfter !== null;
    const most = ending === "left" || isHedged ? length + 1 : length;
    if (attempts.length >= length && attempts.length <= most) return;
    yield `has ${attempts.length} attempts, and was asked ${length} times`;
  },

  *"an answer that chat-ui goes on with is found again"(outcome, { world }) {
    const { caller, attempts = [], exchanges } = outcome;
    if (caller.chat !== undefined) return;
    // What is found may be another answer than the one that was shown, or may
    // not think of it in the same way.
    const isOne = world.isOneVoice && !world.servers.some((one) => one.thinks);
    if (world.failover.onPartial === "match" && !isOne) return;
    for (const { provider: id, plan, faults: [fault], ...seen } of exchanges) {
      if (!plan.isNewest) continue;
      const isCut = fault?.type === "cut" || fault?.type === "reset";
      if (!isCut || seen.status !== 200 || seen.left !== undefined) continue;
      const lost = attempts.find(({ provider, code }) =>
        provider === id && (code === "incomplete" || code === "network")
      );
      if (lost !== undefined) yield `fails with ${lost.code} at ${id}`;
    }
  },

  *"a chat at chat-ui is told once of what was said elsewhere"(
    { caller, chat, exchanges },
    history,
  ) {
    const { over, servers } = history.world;
    if (over === "provider" || caller.form === "pictures") return;
    // All of them have the same name.
    if (servers.filter(({ kind }) => kind === "chat-ui").length > 1) return;
    for (const exchange of exchanges) {
      const { server, path, plan, prompt, provider } = exchange;
      if (plan.kind !== "chat-ui") continue;
      const all = history.exchanges;
      const before = all.slice(0, all.indexOf(exchange))
        .filter((other) => other.path === path && other.server === server);
      for (const { question, answer } of chat.turns) {
        // Who goes on with an answer has not said the whole of it.
        const beginning = answer.slice(0, answer.indexOf(":") + 1);
        const isAnswered = before.some((other) =>
          other.outcome.caller.question === readQuestion(question)?.question &&
          !other.prompt.includes(beginning) && isOf(other, provider)
        );
        const isIn = ({ prompt }: Exchange) =>
          prompt.includes(question) && prompt.includes(answer);
        const isTold = isIn(exchange);
        const isTwice = answer !== "" && prompt.includes(answer);
        if (isAnswered ? !isTwice : isTold || before.some(isIn)) continue;
        yield `is asked at server ${server}, which was ` +
          `${isTold ? "told" : "not told"} ${JSON.stringify(question)}`;
      }
    }
  },

  *"a chat goes on at chat-ui where it was"(outcome, history) {
    const { caller, chat, exchanges } = outcome;
    const { outcomes, world, exchanges: all } = history;
    if (world.over !== "failover" || chat.conversation === undefined) return;
    if (world.servers.filter(({ kind }) => kind === "chat-ui").length > 1) {
      return;
    }
    // Another system message begins anew, and so does what is forgotten.
    const isPlain = outcomes.every((other) =>
      other.caller.chat !== caller.chat || other.caller.system === undefined
    );
    const [first] = exchanges.filter(({ plan }) => plan.kind === "chat-ui");
    // Who goes on with an answer does so elsewhere.
    const isOwn = ({ server, outcome: { exchanges: [own] } }: Exchange) =>
      world.failover.onPartial !== "continue" || own?.server === server;
    if (first === undefined || !isPlain || !isOwn(first)) return;
    const said = chat.turns.map(({ question }) => question).join();
    const before = all.findLast((other) =>
      other.server === first.server && isOf(other, first.provider) &&
      other.outcome !== outcome &&
      said.includes(toQuestion(other.outcome.caller)) && isOwn(other)
    );
    if (before === undefined || before.path === first.path) return;
    yield `is asked at ${first.path}, and not at ${before.path}`;
  },

  *"a chat that chat-ui has forgotten begins anew there"(
    { caller, ending, exchanges },
    history,
  ) {
    if (history.world.over === "provider" || ending === "left") return;
    if (caller.total !== undefined) return;
    for (const [index, { server, status, plan, path }] of exchanges.entries()) {
      if (plan.kind !== "chat-ui") continue;
      const isKnown = history.exchanges.some((other) =>
        other.path === path && other.outcome.caller !== caller
      );
      if (status !== 404 || !isKnown) continue;
      const isAsked = exchanges.slice(index + 1).some((other) =>
        other.server === server && other.path !== path
      );
      if (!isAsked) yield `is not asked again at ${server}`;
    }
  },

  *"the last attempt is the one that answers"({ caller, ending, ...outcome }) {
    const { attempts = [], provider } = outcome;
    if (ending !== "whole" || caller.form === "tools") return;
    const last = attempts.at(-1);
    if (last === undefined || provider === undefined) return;
    if (last.provider === provider && last.code === undefined) return;
    yield `is answered by ${provider}, and its last attempt is at ` +
      `${last.provider}: ${last.code}`;
  },

  *"an attempt tells how a server answered it, and when"(outcome, history) {
    const { caller, attempts = [], ending, exchanges } = outcome;
    if (caller.form === "tools") return;
    for (const server of new Set(exchanges.map(({ server }) => server))) {
      const seen = exchanges.filter((exchange) => exchange.server === server);
      const [{ plan, provider } = {}] = seen;
      if (plan?.kind !== "openai") continue;
      const own = attempts.filter((attempt) => attempt.provider === provider);
      for (const [index, attempt] of own.entries()) {
        const { status, code, startedAt = 0, endMs, headersMs } = attempt;
        const { status: answered, at = 0, spokeAt } = seen[index] ?? {};
        // Who loses a race may do so at the same moment.
        if (answered === undefined || ending === "left") continue;
        if (code === "aborted") continue;
        const isGood = answered === 200 || code !== undefined;
        if (status !== answered || !isGood) {
          yield `was answered ${answered} by server ${server}, and is told ` +
            `${status} ${code}`;
        }
        if (!history.isOnTime || !isOfOne(outcome, history)) continue;
        if (startedAt > at) yield `was asked at ${at}, and told ${startedAt}`;
        const { firstTokenMs = code === undefined ? undefined : Infinity } =
          attempt;
        const wait = (spokeAt ?? 0) - startedAt;
        const isTimed = endMs !== undefined && firstTokenMs !== undefined &&
          firstTokenMs >= wait &&
          (answered !== 200 || headersMs !== undefined);
        if (!isTimed && caller.form !== "pictures") {
          yield `is told of ${headersMs}, ${firstTokenMs} and ${endMs} ms`;
        }
      }
    }
  },
};
