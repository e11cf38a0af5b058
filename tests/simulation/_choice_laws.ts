import { findKept, hasOpened, type KeptRoute } from "./_facts.ts";
import type { History, Laws } from "./_history.ts";
import type { Exchange, Outcome } from "./_outcome.ts";

/** How many runs show what routes weigh. */
const MANY = 10;

/** The share of a route that is the first of nearly all runs. */
const MOST = 0.9;

/** For how long a measured time is fresh, and how much slower is slow. */
const FRESH = 30_000;
const MUCH = 4;

/** How many runs of an instance came before one; unknown where some are silent. */
function countRuns(history: History, exchange: Exchange): number | undefined {
  const { at, outcome } = exchange;
  const before = history.exchanges.slice(0, history.exchanges.indexOf(exchange))
    .map((other) => other.outcome);
  const isOwn = ({ instance }: Outcome) => instance === outcome.instance;
  const isUnknown = history.outcomes.some((other) =>
    isOwn(other) && other !== outcome && other.startedAt <= at &&
    (other.caller.form === "tools" ||
      !other.caller.wrong && !before.includes(other))
  );
  return isUnknown ? undefined : new Set(before.filter(isOwn)).size;
}

/** Whether a request is the first of a run that nothing but its strategy guides. */
export function isChoice(
  exchange: Exchange,
  { world, kinds, isUndisturbed }: History,
): boolean {
  const { caller, exchanges: [first] } = exchange.outcome;
  // A chat at chat-ui may be in use, and then the next route is asked.
  const isKept = kinds.has("chat-ui") && caller.chat !== undefined;
  // Not all have tools.
  const isPicky = caller.form === "tools" && [...kinds].join() !== "openai";
  return world.over !== "provider" && !isKept && !isPicky && !world.isNested &&
    first === exchange && isUndisturbed;
}

/** What was known of each route when a request was sent, and just before. */
function toKnown(
  history: History,
  time: number,
): readonly (readonly KeptRoute[])[] {
  return [time - 1, time].map((until) =>
    history.servers.map((_, server) => findKept(history, server, until))
  );
}

/** Whether no route is known to be much faster, and none is yet to be tried. */
function isFastest(
  server: number,
  known: readonly KeptRoute[],
  at: number,
): boolean {
  const { firstTokenMs: own, measuredAt = 0 } = known[server] ?? {};
  const isFresh = (time: number) => at - time < FRESH;
  return own === undefined || !isFresh(measuredAt) ||
    known.every(({ firstTokenMs, measuredAt = 0 }) =>
      firstTokenMs !== undefined &&
      (!isFresh(measuredAt) || own <= MUCH * (firstTokenMs + 1))
    );
}

/** What must be true of the first request of a run. */
export const CHOICE_LAWS: Laws<Exchange> = {
  *"a run begins with the route whose turn it is"(exchange, history) {
    const { over, failover: { strategy = "ordered" } } = history.world;
    if (hasOpened(history, exchange.at)) return;
    // A gateway has one failover for each kind of reader.
    const isInTurn = strategy === "round-robin" && over === "failover";
    if (!isInTurn && strategy !== "ordered") return;
    const turn = isInTurn ? countRuns(history, exchange) : 0;
    const { server } = exchange;
    if (turn === undefined || server === turn % history.servers.length) return;
    yield `is asked in turn ${turn}`;
  },

  *"routes are asked as often as they weigh"({ at }, history) {
    const { servers, failover: { strategy } } = history.world;
    if (strategy !== "weighted" || hasOpened(history, at)) return;
    const firsts = history.outcomes.flatMap(({ exchanges: [first] }) =>
      first?.server ?? []
    );
    const weights = servers.map(({ weight = 1 }) => weight);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [server, weight] of weights.entries()) {
      const count = firsts.filter((first) => first === server).length;
      const isHeavy = weight > MOST * all && firsts.length >= MANY;
      const isRight = weight === 0 && all > 0
        ? count === 0
        : !isHeavy || count > firsts.length / 2;
      if (isRight) continue;
      yield `is one of ${firsts.length}, of which ${count} are at ${server}, ` +
        `which weighs ${weight} of ${all}`;
    }
  },

  *"the fastest route is asked first"({ server, at, outcome }, history) {
    if (history.world.failover.strategy !== "fastest") return;
    if (outcome.caller.form === "pictures" || hasOpened(history, at)) return;
    const isRight = toKnown(history, at)
      .some((known) => isFastest(server, known, at));
    if (!isRight) yield "is asked, which is slower than others";
  },

  *"where all routes are shut, the one that opens first is asked"(
    { server, at },
    history,
  ) {
    if (!history.isOnTime) return;
    const isRight = toKnown(history, at).some((known) => {
      const times = known.map(({ openUntil = 0 }) => openUntil);
      return times.some((time) => time <= at) ||
        known.some(({ probeUntil }) => probeUntil !== undefined) ||
        times[server] === Math.min(...times);
    });
    if (!isRight) yield "is asked, which opens later";
  },
};
