/**
 * Another process over a Deno KV file: takes commands on standard input, a line
 * of JSON each, and answers each with one.
 *
 * @module
 */

import { toLines } from "../../mod.ts";
import { createSharedBreaker, runCommand } from "./_kv_commands.ts";

const [path] = Deno.args;
using kv = await Deno.openKv(path);
const breaker = createSharedBreaker(kv);
for await (const line of toLines(Deno.stdin.readable)) {
  const answer = await runCommand(breaker, JSON.parse(line));
  const bytes = new TextEncoder().encode(`${JSON.stringify(answer)}\n`);
  await Deno.stdout.write(bytes);
}
