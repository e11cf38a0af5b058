// Clients ask a gateway in their own process, through its function alone.
import { InferenceClient } from "@huggingface/inference";
import { tool as toLangChainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { assert, assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import { City, createAgent } from "./_agent.ts";
import {
  BASE_URL,
  CALLING,
  createFetch,
  findResult,
  MODEL,
} from "./_server.ts";

const messages = [{ role: "user" as const, content: "How is Ulm?" }];

Deno.test("openai asks without a port, streamed and whole", async () => {
  const { fetch } = createFetch([{ text: "Good day" }, { text: "Hello" }]);
  const openai = new OpenAI({ baseURL: BASE_URL, apiKey: "a-key", fetch });
  const { choices } = await openai.chat.completions.create({
    model: MODEL,
    messages,
  });
  assertEquals(choices[0]?.message.content, "Good day");

  const stream = await openai.chat.completions.create({
    model: MODEL,
    messages,
    stream: true,
  });
  let text = "";
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
  }
  assertEquals(text, "Hello");
});

Deno.test("openai is told without a port why it is refused", async () => {
  const { fetch } = createFetch([]);
  const openai = new OpenAI({ baseURL: BASE_URL, apiKey: "other", fetch });
  await assertRejects(
    () => openai.chat.completions.create({ model: MODEL, messages }),
    OpenAI.AuthenticationError,
  );
});

Deno.test("LangChain calls tools and streams without a port", async () => {
  const { fetch, bodies } = createFetch([...CALLING, { text: "Good day" }]);
  const model = new ChatOpenAI({
    model: MODEL,
    apiKey: "a-key",
    configuration: { baseURL: BASE_URL, fetch },
  });
  const weather = toLangChainTool(({ city }) => `warm in ${city}`, {
    name: "weather",
    description: "Tells the weather",
    schema: City,
  });
  const called = await model.bindTools([weather]).invoke("How is Ulm?");
  const [call] = called.tool_calls ?? [];
  assert(call);
  assertEquals([call.name, call.args], ["weather", { city: "Ulm" }]);
  const result = await weather.invoke({ ...call, type: "tool_call" });
  const answer = await model.bindTools([weather]).invoke([
    { role: "user", content: "How is Ulm?" },
    called,
    result,
  ]);
  assertEquals([answer.text, findResult(bodies)], ["Warm", "warm in Ulm"]);

  const chunks = await Array.fromAsync(await model.stream("Hello"));
  assertEquals(chunks.map(({ text }) => text).join(""), "Good day");
});

Deno.test("an agent of OpenAI's runs without a port", async () => {
  const { fetch, bodies } = createFetch(CALLING);
  const openAIClient = new OpenAI({
    baseURL: BASE_URL,
    apiKey: "a-key",
    fetch,
  });
  const { runner, agent } = createAgent(openAIClient, { useResponses: false });
  const { finalOutput } = await runner.run(agent, "How is Ulm?");
  assertEquals([finalOutput, findResult(bodies)], ["Warm", "warm in Ulm"]);
});

Deno.test("Hugging Face's client asks without a port, streamed and whole", async () => {
  const { fetch } = createFetch([{ text: "Good day" }, { text: "Hello" }]);
  const client = new InferenceClient("a-key", {
    endpointUrl: `${BASE_URL}/chat/completions`,
    fetch,
  });
  const ask = { model: MODEL, messages };
  const { choices } = await client.chatCompletion(ask);
  assertEquals(choices[0]?.message.content, "Good day");
  let text = "";
  for await (const chunk of client.chatCompletionStream(ask)) {
    text += chunk.choices[0]?.delta.content ?? "";
  }
  assertEquals(text, "Hello");
});
