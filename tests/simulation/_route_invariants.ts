import { findExchanges, isUndisturbed } from "./_history.ts";
import type { History, Invariants } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";

/** Codes of what no other route may mend. */
const OWN_CODES = [
  "invalid-request",
  "invalid_request_error",
  "invalid_value",
  "Client takes nothing",
];

/** How long a run may take, in milliseconds, before its time is over. */
const LONGEST = 500_000;

/** Whether a route was open at some time, so that it may be passed over. */
function hasOpened({ changes }: History, until: number): boolean {
  return changes.some(({ after, at }) =>
    Object(after).openUntil !== undefined && at <= until
  );
}

/** What must be true of the routes that a run has asked. */
export const ROUTE_INVARIANTS: Invariants<Outcome> = {
  *"a run fails only once every route was asked"(outcome, history) {
    const { world, servers } = history;
    const { caller, ending, text, code = "", instance } = outcome;
    const { startedAt, endedAt = Infinity } = outcome;
    if (world.over === "provider" || ending !== "failed") return;
    if (caller.wrong || caller.form === "tools") return;
    // Who reads a result does not know what was shown of it.
    if (["result", "textStream"].includes(caller.form)) return;
    // Nothing may be asked where something was shown, or all time is over.
    const longest = Math.min(caller.total ?? LONGEST, LONGEST);
    if (text !== "" || endedAt - startedAt >= longest) return;
    const seen = findExchanges(history, outcome);
    if (seen.length === 0 || OWN_CODES.includes(code)) return;
    const asked = new Set(seen.map(({ server }) => server));
    if (asked.size === servers.length || hasOpened(history, endedAt)) return;
    yield `Question ${caller.question} fails with ${code} at instance ` +
      `${instance}, and was asked of ${asked.size} servers`;
  },

  *"the next route is asked where one is silent"(outcome, history) {
    const { world } = history;
    const { over, failover: { hedgeAfter }, servers } = world;
    const { caller, ending, endedAt = Infinity } = outcome;
    if (over === "provider" || servers.length < 2 || ending === "died") return;
    if (typeof hedgeAfter !== "number" || !caller.stream) return;
    // A picture is dear.
    if (["tools", "pictures"].includes(caller.form)) return;
    if (!isUndisturbed(history)) return;
    const [first, ...others] = findExchanges(history, outcome);
    if (first === undefined) return;
    const due = first.at + hedgeAfter;
    const { spokeAt = Infinity, closedAt = Infinity } = first;
    if (servers[first.server]?.kind !== "openai") return;
    if (Math.min(spokeAt, closedAt, endedAt) <= due) return;
    const isHedged = others.some(({ at }) => at <= due);
    if (isHedged || hasOpened(history, due)) return;
    yield `Question ${caller.question} waits for server ${first.server} alone`;
  },
};
