import { type ChatServer, SERVER, startGateways } from "./_gateways.ts";
import { readChunks } from "./_loops.ts";
import { measure, type Outcome, type Timing, type Work } from "./_measure.ts";
import type { Figure } from "./_processes.ts";
import { toReport, toWorkTable } from "./_report.ts";

/** How many requests are made, how many of them at once, and for what. */
interface Load {
  readonly title: string;
  readonly size: string;
  readonly requests: number;
  readonly atOnce: number;
  /** How many tokens are streamed; without it an answer is one JSON object. */
  readonly tokens?: number;
  /** What ours may take, in times of a bare proxy. */
  readonly target?: number;
}

const SHORT: Load = {
  title: "(k) Short answers through a gateway",
  size: "1000 answers in one piece, 16 at once",
  requests: 1_000,
  atOnce: 16,
  target: 2,
};

const FIRST: Load = {
  title: "(l) The first token through a gateway",
  size: "100 streams of one token, one after another",
  requests: 100,
  atOnce: 1,
  tokens: 1,
};

const STREAMS: readonly Load[] = [
  {
    title: "(m) Streams through a gateway",
    size: "100 answers of 200 chunks, each a frame, 16 at once",
    requests: 100,
    atOnce: 16,
    tokens: 200,
    target: 2,
  },
  {
    title: "(m) Long streams through a gateway",
    size: "8 answers of 5000 chunks, each a frame, 2 at once",
    requests: 8,
    atOnce: 2,
    tokens: 5_000,
  },
];

/** Asks once, and gives how many characters the answer has. */
async function ask(
  { url, headers }: ChatServer,
  tokens: number | undefined,
): Promise<number> {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      model: `tokens-${tokens ?? 1}`,
      messages: [{ role: "user", content: "Hello" }],
      stream: tokens !== undefined,
    }),
  });
  if (tokens === undefined) {
    const { choices } = await response.json();
    return choices[0].message.content.length;
  }
  let length = 0;
  for await (const texts of readChunks(response.body ?? new ReadableStream())) {
    for (const text of texts) length += text.length;
  }
  return length;
}

async function run(server: ChatServer, load: Load): Promise<number> {
  let started = 0;
  let length = 0;
  await Promise.all(Array.from({ length: load.atOnce }, async () => {
    while (started++ < load.requests) {
      const asked = await ask(server, load.tokens);
      length += asked;
    }
  }));
  return length;
}

function toWork(load: Load, servers: readonly ChatServer[]): Work {
  return {
    title: load.title,
    size: load.size,
    count: load.requests * (load.tokens ?? 1),
    unit: load === SHORT ? "answer" : "token",
    ...(load.target !== undefined && { target: load.target }),
    contestants: servers.map((server) => ({
      name: server.name,
      run: () => run(server, load),
    })),
  };
}

function toFigures(
  timings: readonly Timing[],
  toValue: (ms: number) => string,
): readonly Figure[] {
  return timings.filter(({ name }) => name !== SERVER)
    .map(({ name, ms }) => ({ name, value: toValue(ms) }));
}

/**
 * Measures our gateway beside others, all in processes of their own and before
 * the same server.
 *
 * @returns What was measured, and the tables.
 */
export async function measureGateways(rounds: number): Promise<{
  readonly outcomes: readonly Outcome[];
  readonly tables: readonly string[];
}> {
  await using gateways = await startGateways();
  const outcomes: Outcome[] = [];
  const tables: string[] = [];
  async function time(load: Load): Promise<readonly Timing[]> {
    const work = toWork(load, gateways.servers);
    const outcome = { work, timings: await measure(work, rounds) };
    outcomes.push(outcome);
    tables.push(toWorkTable(outcome));
    return outcome.timings;
  }
  const short = toFigures(
    await time(SHORT),
    (ms) => `${(1_000 * SHORT.requests / ms).toFixed(0)}`,
  );
  tables.push(toReport("(k) Short answers a second", short));
  const timings = await time(FIRST);
  const direct = timings.find(({ name }) => name === SERVER)?.ms ?? NaN;
  const first = toFigures(
    timings,
    (ms) => `${((ms - direct) / FIRST.requests).toFixed(2)} ms`,
  );
  tables.push(toReport("(l) Time added to the first token", first));
  for (const load of STREAMS) await time(load);
  return { outcomes, tables };
}
