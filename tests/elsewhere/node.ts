// The suite in Node.js; tells how it went as a line of JSON.
import process from "node:process";
import { runSuite } from "./suite.ts";

const report = await runSuite({
  runtime: `Node.js ${process.versions.node}`,
  isBrowser: false,
  origins: JSON.parse(process.argv[2] ?? ""),
  watch(tell) {
    process.on("unhandledRejection", tell);
    process.on("uncaughtException", tell);
  },
});
process.stdout.write(`${JSON.stringify(report)}\n`);
