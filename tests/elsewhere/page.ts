// The suite in a page; tells how it went in `globalThis.report`.
import { runSuite } from "./suite.ts";

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
