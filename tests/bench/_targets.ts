import { FAILOVER } from "./_gateways.ts";
import type { Outcome } from "./_measure.ts";

/** What is to be reached, and what is. */
export interface Target {
  readonly name: string;
  /** The most that it may be. */
  readonly limit: number;
  readonly measured: number;
  readonly unit: string;
}

/** Finds how long one of those took who did a piece of work. */
function findTime({ timings }: Outcome, name: string): number {
  return timings.find((timing) => timing.name === name)?.ms ?? NaN;
}

/** Finds how much longer one took than another, for each of what was counted. */
function findAdded(outcome: Outcome, name: string, least: string): number {
  return (findTime(outcome, name) - findTime(outcome, least)) /
    outcome.work.count;
}

/** What the works are to reach. */
export function toWorkTargets(outcomes: readonly Outcome[]): Target[] {
  const targets: Target[] = [];
  for (const { work, timings: [bare, own] } of outcomes) {
    if (work.target === undefined || !bare || !own) continue;
    targets.push({
      name: `${work.title}, ${work.size.split(", ").at(-1)}`,
      limit: work.target,
      measured: own.ms / bare.ms,
      unit: "x",
    });
  }
  function find(title: string): Outcome {
    const found = outcomes.find(({ work }) => work.title.startsWith(title));
    if (found !== undefined) return found;
    throw new Error(`No work is called "${title}"`);
  }
  for (const outcome of outcomes) {
    if (!outcome.timings.some(({ name }) => name === FAILOVER)) continue;
    targets.push({
      name: `${outcome.work.title}, a failover to one provider`,
      limit: 1.2,
      measured: findTime(outcome, FAILOVER) /
        findTime(outcome, "@parley/gateway"),
      unit: "x",
    });
  }
  targets.push({
    name: "(l) ours over a bare proxy",
    limit: 0.3,
    measured: findAdded(find("(l)"), "@parley/gateway", "a bare proxy"),
    unit: "ms",
  });
  const events = find("(a) Events");
  const ours = findTime(events, "@parley/chat");
  for (const [peer, times] of [["openai", 7], ["ai", 30]] as const) {
    targets.push({
      name: `(a) ours to ${peer}`,
      limit: 1 / times,
      measured: ours / findTime(events, peer),
      unit: "x",
    });
  }
  for (const { work, timings } of outcomes) {
    if (!work.title.startsWith("(n)")) continue;
    targets.push({
      name: `${work.title}, four times as much`,
      limit: 5,
      measured: (timings.at(-1)?.ms ?? NaN) / (timings[0]?.ms ?? NaN),
      unit: "x",
    });
  }
  targets.push({
    name: "(h) ours over bare `fetch`",
    limit: 0.2,
    measured: findAdded(
      find("(h)"),
      "@parley/chat",
      "bare fetch of the same request",
    ),
    unit: "ms",
  });
  return targets;
}
