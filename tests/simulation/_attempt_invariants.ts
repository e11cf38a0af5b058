import { isOfOne } from "./_answer_invariants.ts";
import type { Invariants } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";

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
    // What begins anew in a route may not go with what was shown.
    if (caller.chat !== undefined || world.isNested) return;
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

  *"the last attempt is the one that answers"(
    { caller, ending, ...outcome },
    { kinds },
  ) {
    const { attempts = [], provider } = outcome;
    // What is cut is read on where a chat is kept, and may fail then.
    if (caller.stop !== undefined && kinds.has("chat-ui")) return;
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
