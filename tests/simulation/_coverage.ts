import { isProviderError } from "../../mod.ts";
import type { History } from "./_history.ts";

/** What worlds met, by kinds and names, and how often. */
export type Coverage = Map<string, Map<string, number>>;

/** What worlds must meet; of codes of errors all that can come of a fault. */
export const WANTED: Readonly<Record<string, readonly string[]>> = {
  fault: [
    "cut",
    "reset",
    "stall",
    "drip",
    "insert",
    "silence",
    "refuse",
    "half-header",
    "short",
    "respond",
  ],
  status: ["200", "307", "400", "401", "404", "408", "429", "500", "503"],
  ending: ["whole", "failed", "left", "died"],
  trouble: ["none", "lag", "fail", "lost-reply", "silent", "contend"],
  form: [
    "events",
    "batches",
    "result",
    "textStream",
    "readable",
    "tools",
    "pictures",
    "chunks",
    "response",
  ],
  server: ["openai", "ai-chats", "chat-ui"],
  policy: ["restart", "match", "continue", "hold", "error"],
  strategy: ["ordered", "round-robin", "weighted", "fastest"],
  code: [
    "authentication",
    "incomplete",
    "invalid-request",
    "network",
    "not-found",
    "rate-limit",
    "timeout",
    "upstream",
  ],
  event: ["text", "route", "restart", "usage", "conversation", "finish"],
  route: ["opened", "probed", "closed", "failed"],
  run: ["hedged", "repeated", "handed on"],
};

function add(coverage: Coverage, kind: string, name: string): void {
  const counts = coverage.get(kind) ?? new Map<string, number>();
  coverage.set(kind, counts.set(name, (counts.get(name) ?? 0) + 1));
}

function toRouteChange(before: unknown, after: object): string | undefined {
  const had = {
    openUntil: undefined,
    probeUntil: undefined,
    ...Object(before),
  };
  const has = { openUntil: undefined, probeUntil: undefined, ...after };
  if (has.probeUntil !== had.probeUntil && has.probeUntil) return "probed";
  if (has.openUntil && !had.openUntil) return "opened";
  if (had.openUntil && !has.openUntil) return "closed";
  return "failures" in has && has.failures ? "failed" : undefined;
}

function addRuns(coverage: Coverage, { exchanges }: History): void {
  const last = new Map<number, typeof exchanges[number]>();
  for (const exchange of exchanges) {
    const { question, server, at } = exchange;
    const before = last.get(question);
    last.set(question, exchange);
    if (before === undefined) continue;
    const name = before.server === server
      ? "repeated"
      : (before.closedAt ?? Infinity) > at
      ? "hedged"
      : "handed on";
    add(coverage, "run", name);
  }
}

/** Adds what a world met. */
export function addCoverage(coverage: Coverage, history: History): void {
  const { world, exchanges, outcomes, changes } = history;
  add(coverage, "world", world.over);
  for (const { faults, status, server } of exchanges) {
    for (const { type } of faults) add(coverage, "fault", type);
    if (status !== undefined) add(coverage, "status", `${status}`);
    add(coverage, "server", `${world.servers[server]?.kind}`);
  }
  for (const { caller, ending, error, code, events, status } of outcomes) {
    add(coverage, "ending", `${ending}`);
    add(coverage, "form", caller.form);
    if (world.over !== "provider") {
      add(coverage, "policy", `${world.failover.onPartial}`);
      add(coverage, "strategy", `${world.failover.strategy}`);
    }
    if (isProviderError(error)) add(coverage, "code", `${code}`);
    if (status !== undefined) add(coverage, "gateway", code ?? `${status}`);
    for (const type of new Set(events)) add(coverage, "event", type);
  }
  for (const step of world.steps) {
    if (step.do === "trouble") add(coverage, "trouble", step.trouble.type);
  }
  for (const { key, before, after } of changes) {
    const change = key.startsWith("route") && toRouteChange(before, after);
    if (change) add(coverage, "route", change);
  }
  addRuns(coverage, history);
}

/** What no world met, though it should. */
export function findUnmet(coverage: Coverage): readonly string[] {
  return Object.entries(WANTED).flatMap(([kind, names]) =>
    names.filter((name) => !coverage.get(kind)?.has(name))
      .map((name) => `${kind} ${name}`)
  );
}

/** Writes what was met, a line for each kind. */
export function formatCoverage(coverage: Coverage): string {
  return Array.from(coverage, ([kind, counts]) => {
    const sorted = [...counts].sort(([, a], [, b]) => b - a);
    return `${kind}: ` +
      sorted.map(([name, count]) => `${name} ${count}`).join(", ");
  }).join("\n");
}
