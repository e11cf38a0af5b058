// Tools of many forms and in many lists, and what is called with them.
import { assertEquals, assertLess } from "@std/assert";
import { createServed } from "../_served.ts";
import { ask, readStream } from "./_ask.ts";

const MODEL = "Server/small";

Deno.test("tools that come in thousands of lists are read at once", async () => {
  const { gateway, bodies } = createServed([{ content: "Hi" }]);
  const measure = async (count: number) => {
    const lists = Array.from({ length: count }, (_, index) => ({
      type: "additional_tools",
      tools: [{ type: "function", name: `tool_${index}` }],
    }));
    const input = [{ role: "user", content: "Hello" }, ...lists];
    let least = Infinity;
    for (let round = 0; round < 3; round++) {
      const started = performance.now();
      const response = await ask(gateway, { model: MODEL, input });
      least = Math.min(least, performance.now() - started);
      // No server takes so many.
      assertEquals([response.status, bodies.length], [400, 0]);
      await response.body?.cancel();
    }
    return least;
  };
  const few = await measure(1_000);
  // To copy the names for each list takes some two hundred times as long.
  assertLess(await measure(10_000), 60 * few);
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

for (const stream of [false, true]) {
  Deno.test(`a search nested too deep to be written is text${stream ? ", streamed" : ""}`, async () => {
    const written = "[".repeat(100_000) + "]".repeat(100_000);
    const called = { name: "tool_search", arguments: written };
    const { gateway } = createServed([
      { tool_calls: [{ index: 0, id: "s", function: called }] },
    ]);
    const tools = [{ type: "tool_search", execution: "client" }];
    const response = await ask(gateway, { model: MODEL, tools, stream });
    const answer = stream
      ? (await readStream(response)).at(-1)?.response
      : await response.json();
    const { output: [item] } = Object(answer);
    assertEquals(item.arguments === written, true);
  });
}
