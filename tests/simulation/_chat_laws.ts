import { toAnswer, toQuestion } from "./_answers.ts";
import { findRivals } from "./_facts.ts";
import type { History, Laws } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";

/** Finds who says in a text which questions, and which answers. */
function toMarks(text: string): readonly string[] {
  const marks = text.matchAll(
    /(\w+): (?:Question|🦁 \w+ to question no\.) (\d+):/gi,
  );
  return Array.from(
    marks,
    ([, role, number]) => `${role?.toLowerCase()} ${number}`,
  );
}

/** Whether a request brought the answer that its caller got. */
function isOf(exchange: Exchange, provider: string): boolean {
  const { outcome, server } = exchange;
  return outcome.ending === "whole" && outcome.provider === provider &&
    outcome.exchanges.findLast((other) => other.server === server) === exchange;
}

function isSubsequence(
  some: readonly string[],
  all: readonly string[],
): boolean {
  let place = 0;
  for (const one of all) if (one === some[place]) place++;
  return place === some.length;
}

/** What a server that keeps a chat has of it that nobody waited for. */
function findLeftOver(
  exchange: Exchange,
  { exchanges }: History,
): readonly string[] {
  const { plan, path, outcome: { chat } } = exchange;
  if (plan.kind !== "chat-ui") return [];
  const said = chat.turns.map(({ question }) => question).join();
  return exchanges.slice(0, exchanges.indexOf(exchange)).flatMap((other) => {
    const { prompt, provider, outcome: { caller } } = other;
    // What is cut is whole for its caller, and may fail for who reads it.
    const isCut = caller.stop !== undefined && other.faults.length > 0;
    const isSaid = said.includes(toQuestion(caller)) && !isCut &&
      isOf(other, provider);
    if (other.path !== path || isSaid) return [];
    return toMarks(
      `user: ${prompt}\nassistant: ${toAnswer("🦁 A", caller.question, 1)}`,
    );
  });
}

/** What must be true of what servers know when they are asked. */
export const CHAT_LAWS: Laws<Outcome> = {
  *"who is asked knows what was said in a chat, once and in order"(
    { caller, chat, exchanges },
    history,
  ) {
    if (caller.form === "pictures") return;
    const { outcomes } = history;
    const asked = `user: ${toQuestion(caller)}`;
    const said = chat.turns.map(({ question, answer = "" }) =>
      `user: ${question}\nassistant: ${answer}`
    );
    const wanted = toMarks([...said, asked].join("\n"));
    // Two instances that ask in one chat write over what the other was told.
    const isMixed = caller.chat !== undefined &&
      outcomes.some((other) =>
        other.caller.chat === caller.chat &&
        findRivals(history, other).some(({ instance }) =>
          instance !== other.instance
        )
      );
    for (const exchange of exchanges) {
      const { server, plan, known } = exchange;
      if (known === undefined || isMixed && plan.kind === "chat-ui") continue;
      const marks = toMarks(known);
      const isInOrder = isSubsequence(wanted, marks);
      const left = [...marks];
      // Who goes on with an answer is told of it.
      const begun = `assistant ${caller.question}`;
      for (const mark of [begun, ...findLeftOver(exchange, history)]) {
        const place = left.indexOf(mark);
        const isTwice = place !== left.lastIndexOf(mark);
        if (place >= 0 && (isTwice || !wanted.includes(mark))) {
          left.splice(place, 1);
        }
      }
      const lost = chat.turns.find(({ answer = "" }) =>
        !known.includes(answer)
      );
      if (left.length !== wanted.length || !isInOrder || lost !== undefined) {
        yield `is asked of server ${server}, which knows ${marks}, and not ` +
          (lost?.answer ?? wanted);
      }
      const { system = chat.system ?? "" } = caller;
      const heeded = known.match(/Be \w+/g) ?? [];
      if (heeded.join() === system) continue;
      yield `wants "${system}" of server ${server}, and not "${heeded}"`;
    }
  },

  *"a chat goes on at chat-ui where it was"(outcome, history) {
    const { caller, chat, exchanges } = outcome;
    const { outcomes, world, exchanges: all } = history;
    if (world.over !== "failover" || chat.conversation === undefined) return;
    // Another system message begins anew, and so does who runs tools.
    const isPlain = outcomes.every(({ caller: { chat, system, form } }) =>
      chat !== caller.chat || system === undefined && form !== "tools"
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
};
