import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCases } from "./run_cases.ts";

Deno.test("runCases() counts, and goes on after a failure or a hang", async () => {
  let tell: (error: unknown) => void = () => {};
  const { passed, failed, different, runtime } = await runCases([
    { name: "good", run() {} },
    { name: "bad", run: () => Promise.reject(new Error("no")) },
    { name: "late", run: () => new Promise(() => {}) },
    { name: "forgetful", run: () => tell(new Error("lost")) },
    { name: "other", run: () => Promise.reject(new Error("never")) },
  ], {
    runtime: "here",
    differences: [{ cases: /^other/, why: "it is not the same" }],
    deadline: 10,
    watch: (given) => tell = given,
  });
  assertEquals([runtime, passed], ["here", 2]);
  assertEquals(different, { "it is not the same": 1 });
  const expected = [
    ["bad", "no"],
    ["late", "It takes over 10 ms"],
    ["forgetful", "nobody waited for this error: "],
  ] as const;
  assertEquals(failed.map(({ name }) => name), expected.map(([name]) => name));
  for (const [index, [, why]] of expected.entries()) {
    assertStringIncludes(failed[index]?.why ?? "", why);
  }
});
