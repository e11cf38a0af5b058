import { assertEquals } from "@std/assert";

Deno.test("SYSTEM_CLOCK has no runtime warn of a time that is over", async () => {
  const script = `import { SYSTEM_CLOCK } from "${
    import.meta.resolve("../../../core/streams/clock.ts")
  }"; SYSTEM_CLOCK.setTimeout(() => console.log("over"), -5);`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--no-config", script],
  }).output();
  const decoder = new TextDecoder();
  assertEquals([stdout, stderr].map((text) => decoder.decode(text)), [
    "over\n",
    "",
  ]);
});
