import { createUpstream } from "@parley/testing";
import { assertEquals } from "@std/assert";
import { runExample } from "./_run_example.ts";

function toCall(name: string, input: unknown) {
  const call = { name, arguments: JSON.stringify(input) };
  return { id: name, type: "function", function: call };
}

/** A server that answers with one message after another, then fails. */
function createServer(messages: readonly unknown[]) {
  const rest = [...messages];
  return createUpstream(() => {
    const message = rest.shift();
    return message === undefined
      ? new Response(null, { status: 503 })
      : Response.json({ choices: [{ message }] });
  });
}

Deno.test("examples/agent.ts runs two tools over two providers, each once", async () => {
  const calls = [
    toCall("weather", { city: "Ulm" }),
    toCall("sights", { city: "Ulm", count: 1 }),
  ];
  await using openAi = createServer([{ tool_calls: calls }]).serve();
  const second = createServer([{ content: "See the minster." }]);
  await using ollama = second.serve();
  const outcome = await runExample("agent", {
    environment: {
      OPENAI_BASE_URL: `${openAi.url}/v1`,
      OLLAMA_BASE_URL: `${ollama.url}/v1`,
      OPENAI_API_KEY: "secret",
    },
  });
  assertEquals(outcome, {
    code: 0,
    errors: "",
    output: 'weather({"city":"Ulm"})\n' +
      'sights({"city":"Ulm","count":1})\n' +
      '  warm\n  ["the minster of Ulm"]\nSee the minster.\n',
  });
  assertEquals(second.requests.length, 1);
});

Deno.test("examples/extract.ts shows an object as it comes", async () => {
  const person = { name: "Ada", age: 36, cities: ["London"] };
  await using server = createServer([{ content: JSON.stringify(person) }])
    .serve();
  const outcome = await runExample("extract", {
    environment: {
      OPENAI_BASE_URL: `${server.url}/v1`,
      OPENAI_API_KEY: "secret",
    },
  });
  assertEquals([outcome.code, outcome.errors], [0, ""]);
  const lines = outcome.output.trimEnd().split("\n");
  assertEquals(JSON.parse(lines.at(-1) ?? ""), person);
});
