// The suite in a page; tells how it went in `globalThis.report`.
import { usePlatform } from "./namespace.ts";

/** Shows what a console can unfold, which is all that is enumerable. */
function inspect(value: unknown, _options?: unknown, depth = 0): string {
  if (typeof value !== "object" || value === null || depth > 10) {
    return String(value);
  }
  const fields = Object.entries(value).map(([name, field]) =>
    `${name}: ${inspect(field, undefined, depth + 1)}`
  );
  const head = value instanceof Error ? value.stack ?? value.message : "";
  return `${head} {${fields.join(", ")}}`;
}

usePlatform({
  inspect: (value) => inspect(value),
  readTextFile: async (url) => await (await fetch(url)).text(),
});
const { runSuite } = await import("./suite.ts");
const { searchParams } = new URL(location.href);
const report = await runSuite({
  runtime: navigator.userAgent.replace(/.*(?=HeadlessChrome)|\.\d.*/g, ""),
  isBrowser: true,
  origins: JSON.parse(searchParams.get("origins") ?? ""),
  watch(tell) {
    addEventListener("unhandledrejection", (event) => tell(event.reason));
    addEventListener("error", (event) => tell(event.error));
  },
});
Object.assign(globalThis, { report });
