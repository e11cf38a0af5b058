// Clients that ask for responses, as they do by default.
import { createOpenAI } from "@ai-sdk/openai";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  generateText,
  Output,
  stepCountIs,
  streamText,
  tool as toSdkTool,
} from "ai";
import OpenAI from "openai";
import * as z from "zod";
import { City, createAgent } from "./_agent.ts";
import {
  BASE_URL,
  CALLING,
  createFetch,
  findResult,
  MODEL,
} from "./_server.ts";

function createClient(steps: Parameters<typeof createFetch>[0]) {
  const { fetch, bodies } = createFetch(steps);
  const options = { baseURL: BASE_URL, apiKey: "a-key", fetch };
  return {
    bodies,
    openai: new OpenAI({ ...options, maxRetries: 0 }),
    sdk: createOpenAI(options),
  };
}

Deno.test("openai asks for a response, streamed and whole", async () => {
  const { openai } = createClient([{ text: "Good day" }, { text: "Hello" }]);
  const response = await openai.responses.create({
    model: MODEL,
    instructions: "Be brief",
    input: "Hello",
  });
  assertEquals([response.output_text, response.status], [
    "Good day",
    "completed",
  ]);
  const stream = openai.responses.stream({ model: MODEL, input: "Hello" });
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  assertEquals(types, [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  assertEquals((await stream.finalResponse()).output_text, "Hello");
});

Deno.test("openai parses a structured response, and calls functions", async () => {
  const { openai, bodies } = createClient([
    { text: '{"city":"Ulm"}' },
    ...CALLING,
  ]);
  const schema = z.toJSONSchema(City);
  const { output_parsed: parsed } = await openai.responses.parse({
    model: MODEL,
    input: "Where?",
    text: { format: { type: "json_schema", name: "city", schema } },
  });
  assertEquals(parsed, { city: "Ulm" });
  const stream = openai.responses.stream({
    model: MODEL,
    input: "Hello",
    tools: [{
      type: "function",
      name: "weather",
      parameters: schema,
      strict: true,
    }],
  });
  const { output: [call] } = await stream.finalResponse();
  assert(call?.type === "function_call");
  assertEquals([call.name, call.arguments], ["weather", '{"city":"Ulm"}']);
  assertEquals(bodies.length, 2);
});

Deno.test("openai is told which parameter is not there", async () => {
  const { openai } = createClient([]);
  for (
    const [fields, param] of [
      [{ previous_response_id: "resp_1" }, "previous_response_id"],
      [{ background: true }, "background"],
      [{ tools: [{ type: "web_search" as const }] }, "tools[0].type"],
      [{ temperature: 9 }, "temperature"],
      [{ max_output_tokens: 0 }, "max_output_tokens"],
    ] as const
  ) {
    const error = await assertRejects(
      () =>
        openai.responses.create({
          model: MODEL,
          input: "Hi",
          ...fields,
          tools: "tools" in fields ? [...fields.tools] : [],
        }),
      OpenAI.BadRequestError,
    );
    assertEquals(error.param, param);
  }
});

Deno.test("createOpenAI() of the AI SDK runs tools by default, over several steps", async () => {
  for (const isStream of [false, true]) {
    const { sdk, bodies } = createClient(CALLING);
    const options = {
      model: sdk(MODEL),
      prompt: "How is Ulm?",
      tools: {
        weather: toSdkTool({
          inputSchema: City,
          execute: ({ city }) => `warm in ${city}`,
        }),
      },
      stopWhen: stepCountIs(3),
    };
    const text = isStream
      ? await streamText(options).text
      : (await generateText(options)).text;
    assertEquals([text, findResult(bodies)], ["Warm", "warm in Ulm"]);
  }
});

Deno.test("createOpenAI() of the AI SDK runs a tool that takes text", async () => {
  for (const isStream of [false, true]) {
    const { sdk, bodies } = createClient([
      { call: "edit", input: '{"input":"+a"}' },
      { text: "Done" },
    ]);
    const options = {
      model: sdk(MODEL),
      prompt: "Add a line",
      tools: {
        edit: sdk.tools.customTool({
          description: "Edits",
          execute: (text: string) => `edited ${text}`,
        }),
      },
      stopWhen: stepCountIs(3),
    };
    const text = isStream
      ? await streamText(options).text
      : (await generateText(options)).text;
    assertEquals([text, findResult(bodies)], ["Done", "edited +a"]);
  }
});

Deno.test("createOpenAI() of the AI SDK gives an object", async () => {
  const { sdk } = createClient([{ text: '{"city":"Ulm"}' }]);
  const { output } = await generateText({
    model: sdk(MODEL),
    prompt: "Where?",
    output: Output.object({ schema: City }),
  });
  assertEquals(output, { city: "Ulm" });
});

for (const stream of [false, true]) {
  Deno.test(`an agent runs by default, ${stream ? "streamed" : "whole"}`, async () => {
    const { openai, bodies } = createClient(CALLING);
    const { runner, agent } = createAgent(openai);
    let finalOutput: unknown;
    if (stream) {
      const result = await runner.run(agent, "How is Ulm?", { stream: true });
      await result.completed;
      finalOutput = result.finalOutput;
    } else ({ finalOutput } = await runner.run(agent, "How is Ulm?"));
    assertEquals([finalOutput, findResult(bodies)], ["Warm", "warm in Ulm"]);
  });
}
