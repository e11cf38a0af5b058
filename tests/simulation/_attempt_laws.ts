import { isOfOne } from "./_facts.ts";
import type { Laws } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";
import { IDLE } from "./_release_laws.ts";

/** How it is told which clock ran out, and after how many milliseconds. */
const TIMEOUT = /Timeout: ([\w-]+) took more than ([\d.]+) ms/;

/** What must be true of what a caller is told of its attempts. */
export const ATTEMPT_LAWS: Laws<Outcome> = {
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
      const isCut = fault?.type === "cut" || fault?.type === "reset";
      if (!plan.isNewest || !isCut || seen.status !== 200 || seen.left) {
        continue;
      }
      const lost = attempts.find(({ provider, code }) =>
        provider === id && (code === "incomplete" || code === "network")
      );
      if (lost !== undefined) yield `fails with ${lost.code} at ${id}`;
    }
  },

  *"no clock runs out before its time"(outcome, { isOnTime, world }) {
    const { attempts = [], startedAt, endedAt = 0 } = outcome;
    if (!isOnTime) return;
    for (const { code, message = "", firstTokenMs, endMs = 0 } of attempts) {
      const [, phase = "", limit] = TIMEOUT.exec(message) ?? [];
      if (code !== "timeout") continue;
      const waits: Readonly<Record<string, number>> = {
        idle: endMs - (firstTokenMs ?? Infinity),
        total: endedAt - startedAt,
      };
      const { [phase]: waited = endMs } = waits;
      // Where nobody else is left, one has more time.
      const isShort = world.servers.length === 1 && phase !== "total" &&
        Number(limit) < IDLE;
      if (waited >= Number(limit) && !isShort) continue;
      yield `is told of ${message}, and has waited for ${waited} ms`;
    }
  },

  *"the last attempt is the one that answers"(
    { caller, ending, provider, attempts = [] },
    { kinds },
  ) {
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
    // Who leaves may do so at the same moment.
    if (caller.form === "tools" || ending === "left") return;
    for (const [index, exchange] of exchanges.entries()) {
      const { plan, provider, status, at, spokeAt = 0 } = exchange;
      const isOwn = (one: { readonly provider: string }) =>
        one.provider === provider;
      const place = exchanges.slice(0, index).filter(isOwn).length;
      const told = attempts.filter(isOwn)[place];
      if (plan.kind !== "openai" || told === undefined) continue;
      const { code, startedAt = 0, endMs, headersMs } = told;
      // So may who loses a race.
      if (status === undefined || code === "aborted") continue;
      if (told.status !== status || status !== 200 && code === undefined) {
        yield `was answered ${status} by ${provider}, and is told ` +
          `${told.status} ${code}`;
      }
      if (!history.isOnTime || !isOfOne(outcome, history)) continue;
      if (startedAt > at) yield `was asked at ${at}, and told ${startedAt}`;
      const { firstTokenMs = code === undefined ? undefined : Infinity } = told;
      const isTimed = endMs !== undefined && firstTokenMs !== undefined &&
        firstTokenMs >= spokeAt - startedAt &&
        (status !== 200 || headersMs !== undefined);
      if (isTimed || caller.form === "pictures") continue;
      yield `is told of ${headersMs}, ${firstTokenMs} and ${endMs} ms`;
    }
  },
};
