// Many streams at once through the gateway, over sockets.
import { assert, assertEquals, assertLess } from "@std/assert";
import {
  createOpenAiCompatible,
  type Provider,
  type Timeouts,
} from "@parley/chat";
import type { OnPartial } from "@parley/chat/failover";
import { createMemoryReader } from "../../testing/conformance/memory.ts";
import {
  createFaultyUpstream,
  createOpenAiUpstream,
  createRandom,
  type Fault,
  type FaultyServer,
} from "@parley/testing";
import { readError } from "./_gateway.ts";
import {
  readEnd,
  Service,
  type StreamEnd,
  TOKENS,
  waitUntil,
} from "./_load.ts";

const STREAMS = 1_000;
const FEW = 100;

const TEXT = TOKENS.join("");
const OTHER = "An answer that is another one";

/** What all streams wait for in the middle of their answers. */
class Meeting {
  #count = 0;
  readonly #gate = Promise.withResolvers<void>();
  readonly #all = Promise.withResolvers<void>();
  /** Settles when all are here. */
  readonly all: Promise<void> = this.#all.promise;
  /** Lets all go on. */
  readonly release: () => void = this.#gate.resolve;
  readonly #expected: number;

  constructor(expected: number) {
    this.#expected = expected;
  }

  async *speak(): AsyncGenerator<string> {
    const middle = TOKENS.length / 2;
    yield* TOKENS.slice(0, middle);
    if (++this.#count === this.#expected) this.#all.resolve();
    await this.#gate.promise;
    yield* TOKENS.slice(middle);
  }
}

function createProvider(url: string): Provider {
  return createOpenAiCompatible({
    id: "upstream",
    baseUrl: `${url}/v1`,
    models: ["gpt-4o", "gpt-4o-mini"],
  });
}

Deno.test(`a gateway loses none of ${STREAMS} streams at once, and keeps nothing`, async () => {
  let meeting = new Meeting(0);
  const upstream = createOpenAiUpstream({ answer: () => meeting.speak() });
  await using server = upstream.serve();
  await using service = new Service({
    providers: [createProvider(server.url)],
    limits: { concurrency: STREAMS },
  });
  const readMemory = await createMemoryReader();
  const sizes: number[] = [];
  for (const count of [FEW, STREAMS]) {
    meeting = new Meeting(count);
    const ends = Array.from(
      { length: count },
      async () => await readEnd(await service.ask("gpt-4o")),
    );
    await meeting.all;
    if (count === STREAMS) {
      const refused = await service.ask("gpt-4o");
      assertEquals((await readError(refused)).code, "rate_limit_exceeded");
    }
    meeting.release();
    for (const end of await Promise.all(ends)) {
      assertEquals(end, { text: TEXT });
    }
    await waitUntil(() => readMemory?.() !== undefined && service.kept === 0);
    sizes.push(readMemory?.() ?? 0);
  }
  assertEquals(service.kept, 0);
  const outcomes = service.entries.map(({ outcome }) => outcome);
  assertEquals(
    outcomes.filter((outcome) => outcome === "complete").length,
    FEW + STREAMS,
  );
  assertEquals((await readEnd(await service.ask("gpt-4o"))).text, TEXT);
  // The upstream remembers what it was asked: 3 kB for each request.
  const [few = NaN, many = NaN] = sizes;
  assertLess(many - few, STREAMS * 8_000);
});

const random = createRandom(5);

function pick<T>(items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** One of the things that befall the first route, anywhere in its answer. */
function pickFault(): Fault | undefined {
  const after = { events: Math.floor(random() * (TOKENS.length + 2)) };
  const error = 'data: {"error":{"message":"Overloaded"}}\n\n';
  return pick<Fault | undefined>([
    { type: "respond", status: 503 },
    { type: "refuse" },
    { type: "silence" },
    { type: "cut", after },
    { type: "reset", after },
    { type: "stall", after },
    { type: "insert", after, text: error },
    undefined,
  ]);
}

/** A first route, and what befalls it. */
interface FaultyRoute {
  readonly name: string;
  readonly server: FaultyServer;
  readonly timeouts: Timeouts;
}

const ROUTES = 32;

async function serveRoutes(): Promise<readonly FaultyRoute[]> {
  const upstream = createOpenAiUpstream({ answer: () => TOKENS });
  return await Promise.all(Array.from({ length: ROUTES }, async (_, index) => {
    const fault = pickFault();
    const faults = fault === undefined ? [] : [fault];
    const server = await createFaultyUpstream(upstream, { faults }).serve();
    // Only who waits for nothing is not to wait: the machine may be busy.
    const isMute = fault?.type === "silence" || fault?.type === "stall";
    const timeouts = isMute
      ? { headers: 1_000, firstToken: 1_000, idle: 1_000 }
      : {};
    return { name: `route-${index}`, server, timeouts };
  }));
}

/** Puts a gateway before the routes, and another route behind each of them. */
function createService(
  routes: readonly FaultyRoute[],
  second: Provider,
  onPartial: OnPartial,
): Service {
  return new Service({
    routes: Object.fromEntries(routes.flatMap(({ name, server, timeouts }) => {
      const provider = createProvider(server.url);
      const first = { provider, maxRetries: 0, timeouts };
      return [
        [`${name}/same`, [first, { provider: second, model: "gpt-4o" }]],
        [`${name}/other`, [first, { provider: second, model: "gpt-4o-mini" }]],
      ];
    })),
    failover: { onPartial, hedgeAfter: null, breaker: { failures: STREAMS } },
    limits: { concurrency: STREAMS / 2 },
  });
}

/** Whether a stream ended as it may: whole, or with an error that it tells. */
function isHonest(
  { text, code }: StreamEnd,
  isSame: boolean,
  onPartial: OnPartial,
): boolean {
  if (code === undefined) return text === TEXT || (!isSame && text === OTHER);
  return onPartial === "match" && !isSame && code === "incomplete" &&
    TEXT.startsWith(text);
}

Deno.test(`a gateway cuts none of ${STREAMS} streams in silence whose routes fail`, async () => {
  const routes = await serveRoutes();
  await using healthy = createOpenAiUpstream({
    answer: (_prompt, { model }) => model === "gpt-4o" ? TOKENS : OTHER,
  }).serve();
  const second = createProvider(healthy.url);
  const dishonest: unknown[] = [];
  let errors = 0;
  try {
    await Promise.all((["match", "hold"] as const).map(async (onPartial) => {
      await using service = createService(routes, second, onPartial);
      await Promise.all(
        Array.from({ length: STREAMS / 2 }, async (_, index) => {
          const { name } = pick(routes);
          const isSame = index % 4 > 0;
          const model = `${name}/${isSame ? "same" : "other"}`;
          const leaving = new AbortController();
          const response = await service.ask(model, leaving.signal);
          if (index % 10 === 0) {
            leaving.abort();
            return void await response.body?.cancel().catch(() => {});
          }
          const end = await readEnd(response);
          if (end.code !== undefined) errors++;
          if (!isHonest(end, isSame, onPartial)) dishonest.push([model, end]);
        }),
      );
      await waitUntil(() => service.entries.length === STREAMS / 2);
      assertEquals(service.entries.length, STREAMS / 2);
    }));
    await waitUntil(() =>
      routes.every(({ server }) => server.openConnections === 0)
    );
    assertEquals(
      routes.map(({ server }) => server.openConnections),
      routes.map(() => 0),
    );
  } finally {
    await Promise.all(routes.map(({ server }) => server.close()));
  }
  assertEquals(dishonest, []);
  assert(errors > 0);
});
