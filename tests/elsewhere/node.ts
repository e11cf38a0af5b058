// The suite in Node.js; tells how it went as a line of JSON.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { inspect } from "node:util";
import { usePlatform } from "./namespace.ts";

usePlatform({
  inspect,
  readTextFile: (url) => readFile(url, "utf8"),
});
// Only now, for it reads files as soon as it is loaded.
const { runSuite } = await import("./suite.ts");
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
