/**
 * What several laws ask of that which has happened.
 *
 * @module
 */

import type { History } from "./_history.ts";
import { EXPIRE_IN, toRouteKey } from "./_instances.ts";
import type { Exchange, Outcome } from "./_outcome.ts";
import { isHarmless } from "./_random_faults.ts";
import type { CallerPlan } from "./_world.ts";

/** Within how many milliseconds nothing is left of a run that is over. */
export const RELEASE = 200;

/** How many reads a word takes at most, and an answer besides. */
const MAX_READS = 12;

/** Whether something befell a request that matters to who asked. */
export function isBefallen({ faults, outcome: { caller } }: Exchange): boolean {
  const isStream = caller.stream && caller.form !== "pictures";
  return faults.some((fault) => !isStream || !isHarmless(fault));
}

/** What is kept of a route. */
export interface KeptRoute {
  readonly failures?: number;
  readonly openUntil?: number;
  readonly coolDown?: number;
  readonly probeUntil?: number;
  readonly firstTokenMs?: number;
  readonly measuredAt?: number;
}

/** What was kept of a route last, until some time. */
export function findKept(
  { changes }: History,
  server: number,
  until: number,
): KeptRoute {
  const change = changes.findLast(({ key, at }) =>
    key === toRouteKey(server) && at <= until
  );
  return Object(change?.after);
}

/** Whether a route was open at some time, so that it may be passed over. */
export function hasOpened({ changes }: History, until: number): boolean {
  return changes.some(({ after, at }) =>
    Object(after).openUntil !== undefined && at <= until
  );
}

/** The request whose answer a caller got, as far as it is known. */
export function findAnswer(
  { exchanges, provider }: Outcome,
): Exchange | undefined {
  return exchanges.findLast((exchange) => exchange.provider === provider);
}

/** Who is in the same chat at the same time. */
export function findRivals(
  { outcomes }: History,
  { caller, startedAt, endedAt = Infinity }: Outcome,
): readonly Outcome[] {
  return outcomes.filter((other) =>
    other.caller !== caller && other.caller.chat === caller.chat &&
    other.startedAt <= endedAt && (other.endedAt ?? Infinity) >= startedAt
  );
}

/** Whether nobody may think again of what another has begun to say. */
export function isOfOne({ exchanges }: Outcome, { world }: History): boolean {
  const { over, failover: { onPartial } } = world;
  return over === "provider" || exchanges.length < 2 ||
    over === "failover" && onPartial !== "continue" && onPartial !== "match";
}

/** Whether a gateway called the token of a caller one that is no more. */
export function isTooOld({ caller, code }: Outcome): boolean {
  return code === "invalid_conversation" && caller.wrong === undefined;
}

/** Whether what a caller goes on with may be too old, or is for sure. */
export function mayBeTooOld(
  { chat: { token, askedAt = 0, readAt = 0 }, ...outcome }: Outcome,
  isSure = false,
): boolean {
  const { startedAt, endedAt = Infinity } = outcome;
  if (token === undefined) return false;
  return (isSure ? startedAt - readAt : endedAt - askedAt) >= EXPIRE_IN;
}

/** How many milliseconds a caller takes for itself at most. */
export function toOwnTime(
  { words, pace = 0, pause, upload = 0 }: CallerPlan,
): number {
  return upload + (pause?.ms ?? 0) + MAX_READS * (words + 1) * pace;
}

/** Whether a caller reads events, and not a text alone. */
export function hasEvents({ form }: CallerPlan): boolean {
  return ["events", "batches", "readable", "jsonl"].includes(form);
}

/** Which key a caller has: a conversation belongs to one. */
export function toKey({ chat, wrong, key = 0 }: CallerPlan): number {
  if (wrong === "owner") return 1;
  return chat === undefined ? key : 0;
}
