// The uses in Node.js and Bun; tells how they went as a line of JSON.
import process from "node:process";
import { runCases } from "./run_cases.ts";
import { USES } from "./uses.ts";

const { bun, node } = process.versions;
const report = await runCases(USES, {
  runtime: bun === undefined ? `Node.js ${node}` : `Bun ${bun}`,
  deadline: 10_000,
  watch(tell) {
    process.on("unhandledRejection", tell);
    process.on("uncaughtException", tell);
  },
});
process.stdout.write(`${JSON.stringify(report)}\n`);
