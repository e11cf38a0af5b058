// The AI SDK asks any provider.
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  APICallError,
  createProviderRegistry,
  generateImage,
  generateObject,
  generateText,
  isStepCount,
  Output,
  stepCountIs,
  streamObject,
  streamText,
  tool,
} from "ai";
import { createAmigoChat, ProviderError } from "@parley/chat";
import { createFailover } from "@parley/chat/failover";
import { createAmigoChatUpstream } from "@parley/testing";
import * as z from "zod";
import { toImageModel, toLanguageModel, toProvider } from "../mod.ts";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import { type Answer, createAnswers, toDelta, USAGE } from "./_answers.ts";

const CUT = new ProviderError("Cut", { code: "incomplete" });
const ANSWER: Answer = [
  toTextEvent("Good"),
  toTextEvent(" day"),
  USAGE,
  FINISH,
];
const CALLING: Answer = [
  { type: "reasoning", text: "Hm" },
  toDelta('{"city":', { opaque: { extra_content: "s" } }),
  toDelta('"Ulm"}'),
  FINISH,
];
const prompt = "Hello";

function createWeather() {
  const cities: string[] = [];
  const weather = tool({
    inputSchema: z.object({ city: z.string() }),
    execute({ city }) {
      cities.push(city);
      return { warm: true };
    },
  });
  return { tools: { weather }, cities };
}

Deno.test("generateText() collects an answer", async () => {
  const { provider } = createAnswers([ANSWER]);
  const { text, usage, finishReason } = await generateText({
    model: toLanguageModel(provider),
    prompt,
  });
  assertEquals([text, usage.totalTokens, finishReason], [
    "Good day",
    5,
    "stop",
  ]);
});

Deno.test("streamText() runs tools in steps, and their maker gets back what it wants", async () => {
  const { provider, runs } = createAnswers([CALLING, ANSWER]);
  const { tools, cities } = createWeather();
  const run = streamText({
    model: toLanguageModel(provider),
    prompt,
    tools,
    stopWhen: stepCountIs(3),
  });
  assertEquals(await run.text, "Good day");
  assertEquals([cities, (await run.steps).length], [["Ulm"], 2]);
  const [, called, result] = runs[1]?.messages ?? [];
  assert(called?.role === "assistant" && result?.role === "tool");
  assertEquals(
    [called.reasoning, called.provider, called.model],
    ["Hm", "Parrot", "grey"],
  );
  assertEquals(called.toolCalls?.[0]?.opaque, { extra_content: "s" });
  assertEquals(result.content, '{"warm":true}');
});

Deno.test("generateText() mends a call that is wrong", async () => {
  const { provider } = createAnswers([[toDelta('{"town":1}'), FINISH], ANSWER]);
  const { tools, cities } = createWeather();
  const { text } = await generateText({
    model: toLanguageModel(provider),
    prompt,
    tools,
    stopWhen: stepCountIs(3),
    repairToolCall: ({ toolCall }) =>
      Promise.resolve({ ...toolCall, input: '{"city":"Bonn"}' }),
  });
  assertEquals([text, cities], ["Good day", ["Bonn"]]);
});

Deno.test("streamText() runs no tool of an answer that fails", async () => {
  const { provider } = createAnswers([[toDelta('{"city":"Ulm"}'), CUT]]);
  const { tools, cities } = createWeather();
  const errors: unknown[] = [];
  const run = streamText({
    model: toLanguageModel(provider),
    prompt,
    tools,
    onError: ({ error }) => void errors.push(error),
  });
  await run.consumeStream();
  assertEquals([await run.finishReason, cities], ["error", []]);
  assert(APICallError.isInstance(errors[0]));
});

const schema = z.object({ city: z.string() });
const OBJECT: Answer = [
  toTextEvent('{"city":'),
  toTextEvent('"Ulm"}'),
  FINISH,
];

Deno.test("generateObject(), streamObject() and Output give objects", async () => {
  const { provider, runs } = createAnswers([OBJECT, OBJECT, OBJECT]);
  const model = toLanguageModel(provider);
  const { object } = await generateObject({ model, prompt, schema });
  assertEquals(object, { city: "Ulm" });
  assertEquals(runs[0]?.output?.mode, "schema");

  const { partialObjectStream } = streamObject({ model, prompt, schema });
  const shown = await Array.fromAsync(partialObjectStream);
  assertEquals(shown.at(-1), { city: "Ulm" });

  const { output } = await generateText({
    model,
    prompt,
    output: Output.object({ schema }),
  });
  assertEquals(output, { city: "Ulm" });
});

Deno.test("generateObject() mends an answer that is no object", async () => {
  const { provider } = createAnswers([[toTextEvent("{oh"), FINISH]]);
  const { object } = await generateObject({
    model: toLanguageModel(provider),
    prompt,
    schema,
    experimental_repairText: ({ text }) =>
      Promise.resolve(text === "{oh" ? '{"city":"Bonn"}' : null),
  });
  assertEquals(object, { city: "Bonn" });
});

Deno.test("generateText() gives tools and an object together", async () => {
  const { provider } = createAnswers([
    CALLING,
    [toDelta('{"city":"Ulm"}', { name: "answer" }), FINISH],
  ]);
  const { tools } = createWeather();
  const { output } = await generateText({
    model: toLanguageModel(provider),
    prompt,
    tools,
    stopWhen: isStepCount(3),
    output: Output.object({ schema }),
  });
  assertEquals(output, { city: "Ulm" });
});

Deno.test("a failover answers in the SDK's stream, once and whole", async () => {
  const failing = createAnswers([[toTextEvent("Good"), CUT]]);
  const other = createAnswers([ANSWER], { id: "Other" });
  const failover = createFailover([failing.provider, other.provider], {
    onPartial: "match",
  });
  const run = streamText({ model: toLanguageModel(failover), prompt });
  assertEquals((await Array.fromAsync(run.textStream)).join(""), "Good day");
  assertEquals(await run.finishReason, "stop");
});

Deno.test("an error is told, and asked once", async () => {
  const wrong = new ProviderError("Busy", { code: "rate-limit", status: 429 });
  const { provider, runs } = createAnswers([[wrong]]);
  const error = await assertRejects(
    () => generateText({ model: toLanguageModel(provider), prompt }),
    APICallError,
  );
  assertEquals([error.statusCode, runs.length], [429, 1]);
});

Deno.test("an abort ends the run and is told as one", async () => {
  const { provider, runs } = createAnswers([ANSWER]);
  const controller = new AbortController();
  let isAborted = false;
  const run = streamText({
    model: toLanguageModel(provider),
    prompt,
    abortSignal: controller.signal,
    onAbort: () => void (isAborted = true),
  });
  for await (const _ of run.textStream) controller.abort();
  assertEquals([isAborted, runs[0]?.signal.aborted], [true, true]);
});

Deno.test("a registry finds models, and generateImage() makes a picture", async () => {
  const { fetch } = createAmigoChatUpstream();
  const amigoChat = createAmigoChat({ fetch });
  const registry = createProviderRegistry({ amigo: toProvider(amigoChat) });
  const { text } = await generateText({
    model: registry.languageModel("amigo:gpt-4o-mini"),
    prompt,
  });
  assert(text.includes("Hello"));
  const { image } = await generateImage({
    model: registry.imageModel("amigo:flux-dev"),
    prompt: "A red cat",
  });
  assertEquals(image.mediaType, "image/png");
  const { warnings } = await generateImage({
    model: toImageModel(amigoChat, "flux-dev"),
    prompt: "A red cat",
    aspectRatio: "16:9",
  });
  assertEquals(warnings[0], { type: "unsupported", feature: "aspectRatio" });
});
