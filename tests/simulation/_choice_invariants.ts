import {
  findExchanges,
  findOutcome,
  hasOpened,
  type History,
  type Invariants,
  isUndisturbed,
} from "./_history.ts";
import type { Exchange } from "./_exchange.ts";

/** How many runs show what routes weigh. */
const MANY = 10;

/** The share of a route that is the first of nearly all runs. */
const MOST = 0.9;

/** For how long a measured time is fresh, and how much slower is slow. */
const FRESH = 30_000;
const MUCH = 4;

/** What is kept of a route. */
interface KnownRoute {
  readonly openUntil?: number;
  readonly probeUntil?: number;
  readonly firstTokenMs?: number;
  readonly measuredAt?: number;
}

/** How many runs of an instance came before one; unknown where some are silent. */
function countRuns(history: History, exchange: Exchange): number | undefined {
  const { outcomes, exchanges } = history;
  const before = exchanges.slice(0, exchanges.indexOf(exchange));
  const toQuestion = ({ question }: Exchange) => question;
  const asked = new Set([...before, exchange].map(toQuestion));
  const isUnknown = outcomes.some(({ caller, instance, startedAt }) =>
    instance === exchange.instance && startedAt <= exchange.at &&
    (caller.form === "tools" || !caller.wrong && !asked.has(caller.question))
  );
  if (isUnknown) return undefined;
  const own = before.filter(({ instance }) => instance === exchange.instance);
  return new Set(own.map(toQuestion)).size;
}

/** Which route is the first of a run, as far as it is known. */
function toTurn(history: History, exchange: Exchange): number | undefined {
  const { over, failover: { strategy = "ordered" } } = history.world;
  if (strategy === "ordered") return 0;
  // A gateway has one failover for each kind of reader.
  return strategy === "round-robin" && over === "failover"
    ? countRuns(history, exchange)
    : undefined;
}

/** Whether a request is the first of a run that nothing but its strategy guides. */
export function isChoice(exchange: Exchange, history: History): boolean {
  const { over, servers } = history.world;
  const outcome = findOutcome(history, exchange);
  // A chat at chat-ui may be in use, and then the next route is asked.
  const isKept = servers.some(({ kind }) => kind === "chat-ui") &&
    outcome?.caller.chat !== undefined;
  // Not all have tools.
  const isPicky = servers.some(({ kind }) => kind !== "openai") &&
    outcome?.caller.form === "tools";
  return over !== "provider" && outcome !== undefined && !isKept &&
    !isPicky &&
    findExchanges(history, outcome)[0] === exchange && isUndisturbed(history);
}

/** What was known of each route when a request was sent, and just before. */
function toKnown(
  { changes, world }: History,
  time: number,
): readonly (readonly KnownRoute[])[] {
  return [time - 1, time].map((until) =>
    world.servers.map((_, server) =>
      Object(
        changes.findLast(({ key, at }) =>
          key === `route-${server}` && at <= until
        )?.after,
      )
    )
  );
}

/** Whether no route is known to be much faster, and none is yet to be tried. */
function isFastest(
  server: number,
  known: readonly KnownRoute[],
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
export const CHOICE_INVARIANTS: Invariants<Exchange> = {
  *"a run begins with the route whose turn it is"(exchange, history) {
    const { servers } = history.world;
    const { server, question, at } = exchange;
    if (hasOpened(history, at)) return;
    const turn = toTurn(history, exchange);
    if (turn === undefined || server === turn % servers.length) return;
    yield `Question ${question} is asked of ${server} in turn ${turn}`;
  },

  *"routes are asked as often as they weigh"({ at }, history) {
    const { servers, failover } = history.world;
    if (failover.strategy !== "weighted" || hasOpened(history, at)) return;
    const firsts = history.outcomes.flatMap((outcome) =>
      findExchanges(history, outcome)[0]?.server ?? []
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
      yield `Route ${server} weighs ${weight} of ${all}, and is the first of ` +
        `${count} in ${firsts.length} runs`;
    }
  },

  *"the fastest route is asked first"({ server, at, question }, history) {
    if (history.world.failover.strategy !== "fastest") return;
    const { caller } = findOutcome(history, { question }) ?? {};
    if (caller?.form === "pictures" || hasOpened(history, at)) return;
    if (toKnown(history, at).some((known) => isFastest(server, known, at))) {
      return;
    }
    yield `Route ${server} is asked, which is slower than others`;
  },

  *"where all routes are shut, the one that opens first is asked"(
    { server, at, question },
    history,
  ) {
    const isRight = toKnown(history, at).some((known) => {
      const times = known.map(({ openUntil = 0 }) => openUntil);
      return times.some((time) => time <= at) ||
        known.some(({ probeUntil }) => probeUntil !== undefined) ||
        times[server] === Math.min(...times);
    });
    if (isRight) return;
    yield `Question ${question} is asked of ${server}, which opens later`;
  },
};
