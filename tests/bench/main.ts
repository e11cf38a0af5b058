// Measures the library beside its peers, and writes BENCHMARKS.md.
import { measureBundles, measureModules, toSize } from "./_bundles.ts";
import { measureGateways } from "./_gateway_works.ts";
import type { Outcome } from "./_measure.ts";
import { measureOpenStreams } from "./_open_streams.ts";
import {
  type ColdStart,
  type Figure,
  measureColdStart,
  measureMemory,
  measureRow,
  measureWaiting,
} from "./_processes.ts";
import { measureStalledReaders } from "./_stalled_readers.ts";
import { toReport, toTargetTable, toWorkTable } from "./_report.ts";
import { toWorkTargets } from "./_targets.ts";

const ROUNDS = 7;

/** How small a bundled provider is to be, in kB. */
const MAX_BUNDLE = 75;

const tables: string[] = [];
function show(table: string): void {
  tables.push(table);
  console.log(`${table}\n`);
}

const outcomes: Outcome[] = [];
for (let index = 0;; index++) {
  const outcome = await measureRow(index, ROUNDS);
  if (outcome === null) break;
  outcomes.push(outcome);
  show(toWorkTable(outcome));
}

const readers = [
  "@parley/chat",
  "bare loop",
  "bare loop, keeping 1 Mi characters",
  "openai",
];
const memory: Figure[] = [];
const grown: number[] = [];
for (
  const [words, ...flags] of [
    [""],
    [", a young generation of 1 MiB", "--v8-flags=--max-semi-space-size=1"],
  ]
) {
  for (const reader of readers) {
    const megabytes = await measureMemory(reader, ...flags);
    grown.push(megabytes);
    const value = `${megabytes.toFixed(1)} MB`;
    memory.push({ name: `${reader}${words}`, value });
  }
}
show(
  toReport(
    "(i) Memory over the idle process, for an answer of 300 MB over a socket",
    memory,
    "Medians of three processes. V8 lets its young generation grow as long as" +
      " garbage is made, whoever makes it, and doubles it where more than 8 MB" +
      " are kept; with a small one, what is left is what the reader holds. Ours" +
      " keeps the first 1 Mi characters, for an answer that breaks off.",
  ),
);

const waiting: Figure[] = [];
const kept: number[] = [];
for (const reader of readers.slice(0, 2)) {
  const kilobytes = await measureWaiting(reader);
  kept.push(kilobytes);
  waiting.push({ name: reader, value: `${kilobytes.toFixed(1)} kB` });
}
show(toReport("(i) Heap of a stream that waits for more", waiting));

const starts: ColdStart[] = [];
const startFigures: Figure[] = [];
for (
  const [what, module] of [
    ["import of `mod.ts`", "mod.ts"],
    ["the first answer of a gateway", "tests/bench/_cold_gateway.ts"],
  ] as const
) {
  const start = await measureColdStart(module, ROUNDS);
  starts.push(start);
  startFigures.push(
    { name: what, value: `${start.sources.toFixed(1)} ms` },
    { name: `${what}, as one file`, value: `${start.bundled.toFixed(1)} ms` },
  );
}
show(
  toReport(
    "(j) Cold start, over an empty program",
    startFigures,
    "One file is what a bundler makes of the program, minified.",
  ),
);
const bundles = await measureBundles();
show(toReport("(j) Bundles for a browser, minified", bundles.map(toSize)));
const modules = await measureModules();
show(
  toReport(
    "(j) AutonomousAI by module, minified",
    modules.map(toSize),
    "None of them stands out: the checks of what comes from outside, limits," +
      " clocks, retries, secrets kept out of errors, and the words of errors are" +
      " what a smaller client leaves out.",
  ),
);

const gateways = await measureGateways(ROUNDS);
outcomes.push(...gateways.outcomes);
for (const table of gateways.tables) show(table);

const openFigures: Figure[] = [];
let added = NaN;
for (
  const [name, kind] of [
    ["a bare proxy", "proxy"],
    ["@parley/gateway", "gateway"],
  ] as const
) {
  const [early, late] = await measureOpenStreams(kind);
  added = late.heap - early.heap;
  for (const { chunks, heap, process } of [early, late]) {
    openFigures.push({
      name: `${name}, after ${chunks} chunks`,
      value: `${heap.toFixed(1)} kB, ${process.toFixed(0)} kB`,
    });
  }
}
show(
  toReport(
    "(o) Heap and process, for each of 1000 streams at once",
    openFigures,
    "What is garbage is collected before; V8 and the sockets keep its room.",
  ),
);

const stalled = await measureStalledReaders();
show(
  toReport("(o) Process, for each of 1000 readers that take nothing", [
    { name: "`deno task serve`", value: `${stalled.toFixed(0)} kB` },
  ]),
);

const targets = [
  ...toWorkTargets(outcomes),
  ...[0, readers.length].flatMap((first) =>
    [1, 2].map((other) => ({
      name: `(i) ${memory[first]?.name}, over the ${readers[other]}`,
      limit: 8,
      measured: (grown[first] ?? NaN) - (grown[first + other] ?? NaN),
      unit: "MB",
    }))
  ),
  {
    name: "(i) heap of a stream that waits",
    limit: 20,
    measured: kept[0] ?? NaN,
    unit: "kB",
  },
  {
    name: "(o) what 150 chunks add to the heap of a stream",
    limit: 1,
    measured: added,
    unit: "kB",
  },
  {
    name: "(o) the process for each reader that takes nothing",
    limit: 100,
    measured: stalled,
    unit: "kB",
  },
  ...[
    {
      name: "(j) import from sources",
      limit: 45,
      measured: starts[0]?.sources,
    },
    { name: "(j) import of one file", limit: 25, measured: starts[0]?.bundled },
    {
      name: "(j) first answer of a gateway, as one file",
      limit: 120,
      measured: starts[1]?.bundled,
    },
  ].map(({ measured = NaN, ...target }) => ({
    ...target,
    measured,
    unit: "ms",
  })),
  ...bundles.filter(({ name }) => name.startsWith("@parley/chat, "))
    .filter(({ name }) => !name.endsWith("all of it"))
    .map(({ name, bytes }) => ({
      name: `(j) ${name}`,
      limit: MAX_BUNDLE,
      measured: bytes / 1_000,
      unit: "kB",
    })),
];
const summary = toTargetTable(targets);
console.log(summary);

const lock = JSON.parse(
  await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)),
);
const versions = Object.keys(lock.npm)
  .filter((name) =>
    /^(?:openai|ai|@ai-sdk\/openai-compatible|eventsource-parser|@xsai\/stream-text|deno-std)@/
      .test(name)
  )
  .map((name) => name.replace(/_.*$/, ""));
await Deno.writeTextFile(
  new URL("../../BENCHMARKS.md", import.meta.url),
  `# Benchmarks

What a program notices of this library, beside other ways to read an answer:

- **The bare loop** is what everybody writes first: decode, cut, parse, and check
  nothing. It is 1.00 x in each table; what takes 0.50 x has half of its work.
- **openai** and **ai** are the clients that most programs use,
  **eventsource-parser** and **@std/http** only cut a body into events.
- At 50 tokens a second nobody waits for any of them. It counts where one process
  reads many answers: rows (a) to (g) are what a token costs, (k) to (m) a gateway,
  beside a bare proxy, which passes on what \`fetch\` gives on the same server.
- Rows (h) and (j) are what a short program waits for: the first token, the start.
- Rows (i), (n) and (o) say that long answers need no more memory, alone or many at
  once, and twice the time.
- \`deno task bench\` measures anew, \`deno task bench:compare main HEAD\` two commits.

Written by \`deno task bench\` on ${new Date().toISOString().slice(0, 10)}, with
Deno ${Deno.version.deno} (V8 ${Deno.version.v8}) on ${Deno.build.target},
${navigator.hardwareConcurrency} cores. Medians of ${ROUNDS} rounds, of more where they are
over soon, after two that are not counted, in another order in each round; a
process for each table.
Peers: ${versions.join(", ")}
(deno-std is the standard library, compiled).

${summary}

${tables.join("\n\n")}
`,
);
