// Measures the library beside its peers, and writes BENCHMARKS.md.
import { toByteWorks } from "./_byte_works.ts";
import { measure } from "./_measure.ts";
import {
  measureBundles,
  measureColdStart,
  measureMemory,
} from "./_processes.ts";
import { PEERS } from "./_peers.ts";
import { toReport, toWorkTable } from "./_report.ts";
import { startServer, toSocketWorks } from "./_socket_works.ts";
import { toStreamWorks } from "./_stream_works.ts";

const ROUNDS = 7;

const tables: string[] = [];
function show(table: string): void {
  tables.push(table);
  console.log(`${table}\n`);
}

const server = await startServer();
try {
  const works = [
    ...toStreamWorks(PEERS),
    ...toByteWorks(),
    ...toSocketWorks(server),
  ];
  for (const work of works.sort((a, b) => a.title.localeCompare(b.title))) {
    show(toWorkTable(work, await measure(work, ROUNDS)));
  }
} finally {
  server.close();
}
show(
  toReport("(i) Memory and (j) cold start", [
    await measureMemory(),
    await measureColdStart(ROUNDS),
  ]),
);
show(toReport("(j) Bundles for a browser, minified", await measureBundles()));

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

Written by \`deno task bench\` on ${new Date().toISOString().slice(0, 10)}, with
Deno ${Deno.version.deno} (V8 ${Deno.version.v8}) on ${Deno.build.target},
${navigator.hardwareConcurrency} cores. Medians of ${ROUNDS} rounds, all in one
process, in another order in each round. Peers: ${versions.join(", ")}
(deno-std is the standard library, compiled).

The bare loop decodes, cuts and parses the same bytes, and checks nothing.

${tables.join("\n\n")}
`,
);
