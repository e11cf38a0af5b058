// What tools a request brings, wherever it does.
import { assertEquals, assertLess } from "@std/assert";
import { createServed } from "../_served.ts";
import { ask } from "./_ask.ts";

const MODEL = "Server/small";

Deno.test("tools that come in thousands of lists are read at once", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const measure = async (count: number) => {
    const lists = Array.from({ length: count }, (_, index) => ({
      type: "additional_tools",
      tools: [{ type: "function", name: `tool_${index}` }],
    }));
    const input = [{ role: "user", content: "Hello" }, ...lists];
    const started = performance.now();
    const response = await ask(gateway, { model: MODEL, input });
    const took = performance.now() - started;
    // No server takes so many.
    assertEquals([response.status, bodies.length], [400, 0]);
    await response.body?.cancel();
    return took;
  };
  await measure(1_000);
  // To copy the names for each list takes some two hundred times as long.
  assertLess(await measure(10_000), 60 * await measure(1_000) + 100);
});

Deno.test("a form of a text that has no name is said without one", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const format = { type: "grammar", definition: "start: /.+/" };
  const tools = [{ type: "custom", name: "patch", format }];
  const response = await ask(gateway, { model: MODEL, tools });
  await response.body?.cancel();
  const { tools: [{ function: { description } }] } = Object(bodies[0]);
  assertEquals(description, "The input has this form:\nstart: /.+/");
});
