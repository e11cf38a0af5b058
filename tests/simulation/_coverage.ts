import { type RouteChange, toRouteChanges } from "./_breaker_laws.ts";
import { isProviderError } from "../../mod.ts";
import type { History } from "./_history.ts";
import type { Exchange } from "./_outcome.ts";
import { GATEWAY_FORMS, LIBRARY_FORMS } from "./_world.ts";

/** What worlds met, by kinds and names, and how often. */
export type Coverage = Map<string, Map<string, number>>;

/** What worlds must meet; of codes of errors all that can come of a fault. */
const WANTED: Readonly<Record<string, string>> = {
  fault: "cut reset stall drip insert silence refuse half-header short respond",
  status: "200 307 400 401 404 408 429 500 503",
  ending: "whole failed left died",
  trouble: "none lag fail lost-reply silent contend",
  form: [...LIBRARY_FORMS, ...GATEWAY_FORMS].join(" "),
  server: "openai ai-chats chat-ui",
  policy: "restart match continue hold error",
  strategy: "ordered round-robin weighted fastest",
  code: "authentication incomplete invalid-request network not-found " +
    "rate-limit timeout upstream",
  event: "text reasoning warning route restart usage conversation finish",
  route: "opened probed closed failed",
  run: "hedged repeated handed-on",
};

function toRouteChange(
  { before: had, after: has }: RouteChange,
): string | undefined {
  if (has.probeUntil && has.probeUntil !== had.probeUntil) return "probed";
  if (has.openUntil && !had.openUntil) return "opened";
  if (had.openUntil && !has.openUntil) return "closed";
  return has.failures ? "failed" : undefined;
}

/** How a run went from server to server. */
function toStep(
  before: Exchange | undefined,
  { server, at }: Exchange,
): string | undefined {
  if (before?.server === server) return "repeated";
  return before &&
    ((before.closedAt ?? Infinity) > at ? "hedged" : "handed-on");
}

/** What a world met, each time a kind and a name. */
function* findMet(
  { world, exchanges, outcomes, changes }: History,
): Iterable<readonly [kind: string, name: string | undefined]> {
  const { over, failover: { onPartial, strategy } } = world;
  yield ["world", over];
  for (const { faults, status, plan } of exchanges) {
    for (const { type } of faults) yield ["fault", type];
    yield ["status", status?.toString()];
    yield ["server", plan.kind];
  }
  for (const { caller, ending, error, code, status, ...outcome } of outcomes) {
    yield ["ending", ending];
    yield ["form", caller.form];
    yield ["policy", over === "provider" ? undefined : onPartial];
    yield ["strategy", over === "provider" ? undefined : strategy];
    yield ["code", isProviderError(error) ? code : undefined];
    yield ["gateway", status ? code ?? `${status}` : undefined];
    for (const type of new Set(outcome.events)) yield ["event", type];
    for (const [index, exchange] of outcome.exchanges.entries()) {
      yield ["run", toStep(outcome.exchanges[index - 1], exchange)];
    }
  }
  for (const step of world.steps) {
    if (step.do === "trouble") yield ["trouble", step.trouble.type];
  }
  for (const change of toRouteChanges(changes)) {
    yield ["route", toRouteChange(change)];
  }
}

/** Adds what a world met. */
export function addCoverage(coverage: Coverage, history: History): void {
  for (const [kind, name] of findMet(history)) {
    if (name === undefined) continue;
    const counts = coverage.get(kind) ?? new Map<string, number>();
    coverage.set(kind, counts.set(name, (counts.get(name) ?? 0) + 1));
  }
}

/** What no world met, though it should. */
export function findUnmet(coverage: Coverage): readonly string[] {
  return Object.entries(WANTED).flatMap(([kind, names]) =>
    names.split(" ").filter((name) => !coverage.get(kind)?.has(name))
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
