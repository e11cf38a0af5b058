// Measures one piece of work, and prints it: `_row.ts <index> <rounds>`.
import { toByteWorks } from "./_byte_works.ts";
import { toGrowthWorks } from "./_growth_works.ts";
import { measure, type Outcome } from "./_measure.ts";
import { PEERS } from "./_peers.ts";
import { startServer, toSocketWorks } from "./_socket_works.ts";
import { toStreamWorks } from "./_stream_works.ts";

const [index, rounds] = Deno.args.map(Number);
const server = await startServer();
try {
  const { openai } = PEERS;
  const works = [
    ...toStreamWorks(PEERS),
    ...toByteWorks(),
    ...toGrowthWorks(),
    ...await toSocketWorks(server, openai ? { openai } : {}),
  ].sort((a, b) => a.title.localeCompare(b.title));
  const work = works[index ?? NaN];
  const outcome: Outcome | null = work
    ? { work, timings: await measure(work, rounds ?? 1) }
    : null;
  console.log(JSON.stringify(outcome));
} finally {
  server.close();
}
