// Each field of a chat or a picture that a client of OpenAI's can send is sent
// on, has an effect here, is refused, or is told to have none. The compiler knows
// of a field too many.
import { assertEquals } from "@std/assert";
import type OpenAI from "openai";
import { createOpenAiCompatible } from "@parley/chat";
import { toImage } from "@parley/chat/provider";
import { FINISH } from "../../../tests/_parrot.ts";
import { findFate, type Row } from "./_field_fates.ts";
import { ANSWER, createParrotGateway, open, say } from "./_gateway.ts";
import { createServed, FORMAT, USER } from "./_served.ts";

const TOOL = {
  type: "function",
  function: {
    name: "weather",
    description: "Tells the weather",
    parameters: { type: "object", properties: {} },
  },
};

const CHAT: Readonly<
  Record<keyof OpenAI.ChatCompletionCreateParamsStreaming, Row>
> = {
  messages: [[{ ...USER, content: "Is it true?" }], "sent", "done"],
  model: ["small", "sent", "done"],
  audio: [{ voice: "ash", format: "mp3" }, "refused", "refused"],
  frequency_penalty: [0.125, "sent", "told"],
  function_call: [{ name: "x" }, "refused", "refused"],
  functions: [[{ name: "x" }], "refused", "refused"],
  logit_bias: [{ "50256": -100 }, "told", "told"],
  logprobs: [true, "refused", "refused"],
  max_completion_tokens: [77, "sent", "told"],
  max_tokens: [77, "sent", "told"],
  metadata: [{ a: "b" }, "told", "told"],
  modalities: [["text", "audio"], "refused", "refused"],
  moderation: [{ model: "omni" }, "told", "told"],
  n: [2, "refused", "refused"],
  parallel_tool_calls: [false, "sent", "told"],
  prediction: [{ type: "content", content: "x" }, "told", "told"],
  presence_penalty: [0.125, "sent", "told"],
  prompt_cache_key: ["key", "told", "told"],
  prompt_cache_options: [{ mode: "x" }, "told", "told"],
  prompt_cache_retention: ["24h", "told", "told"],
  reasoning_effort: ["low", "sent", "told"],
  response_format: [FORMAT, "sent", "refused"],
  safety_identifier: ["user", "told", "told"],
  seed: [7, "sent", "told"],
  service_tier: ["flex", "told", "told"],
  // Cut here, whoever answers.
  stop: [["END"], "sent", "done"],
  store: [true, "told", "told"],
  stream: [true, "sent", "done"],
  stream_options: [{ include_obfuscation: true }, "told", "told"],
  temperature: [0.125, "sent", "told"],
  tool_choice: ["required", "sent", "refused"],
  tools: [[TOOL], "sent", "refused"],
  top_logprobs: [2, "refused", "refused"],
  top_p: [0.125, "sent", "told"],
  user: ["user", "told", "told"],
  verbosity: ["low", "told", "told"],
  web_search_options: [{ search_context_size: "low" }, "told", "told"],
};

const IMAGES: Readonly<
  Record<keyof OpenAI.ImageGenerateParamsStreaming, Row>
> = {
  prompt: ["A red cat", "sent", "done"],
  background: ["transparent", "told", "told"],
  complexity: ["low", "told", "told"],
  frame_count: [2, "told", "told"],
  frame_duration_ms: [20, "told", "told"],
  model: ["large", "sent", "done"],
  moderation: ["low", "told", "told"],
  n: [3, "sent", "done"],
  output_compression: [80, "told", "told"],
  output_format: ["webp", "told", "told"],
  partial_images: [2, "told", "told"],
  quality: ["high", "sent", "told"],
  response_format: ["b64_json", "done", "done"],
  safety_identifier: ["user", "told", "told"],
  size: ["512x512", "sent", "told"],
  stream: [true, "refused", "refused"],
  style: ["vivid", "told", "told"],
  svg: [{ precision: 2 }, "told", "told"],
  user: ["user", "told", "told"],
};

const IMAGE_PATH = "/v1/images/generations";
const PICTURE = "R0lGODlhAQABAAAAACw=";

/** A gateway before a server that draws, and what it is asked. */
function createPainter() {
  const bodies: unknown[] = [];
  const provider = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    imageModels: ["large"],
    fetch: async (input, init) => {
      bodies.push(await new Request(input, init).json());
      return Response.json({ data: [{ b64_json: PICTURE }] });
    },
  });
  return { gateway: open({ providers: [provider] }), bodies };
}

/** A gateway before a provider that draws, and takes no setting. */
function createPlainPainter() {
  return createParrotGateway(async function* (run) {
    yield {
      type: "image",
      image: toImage(run, { base64: PICTURE, prompt: "" }),
    };
    yield FINISH;
  }, { definition: { imageModels: ["grey"] } });
}

for (const [name, [value, all, none]] of Object.entries(CHAT)) {
  const needsTools = name === "tool_choice" || name === "parallel_tool_calls";
  const body = {
    model: "small",
    messages: [USER],
    ...(name === "stream_options" && { stream: true }),
    [name]: value,
  };

  Deno.test(`"${name}" of a chat is ${all}, or ${none}`, async () => {
    const { gateway, bodies } = createServed([{ content: "{}" }]);
    const path = "/v1/chat/completions";
    const request = { ...body, ...(needsTools && { tools: [TOOL] }) };
    const sent = () => JSON.stringify(bodies);
    assertEquals(await findFate(gateway, path, request, name, sent), all);
    const other = say(ANSWER);
    const otherBody = { ...body, model: "grey" };
    assertEquals(
      await findFate(other, path, otherBody, name, () => ""),
      none,
    );
  });
}

for (const [name, [value, all, none]] of Object.entries(IMAGES)) {
  const body = { model: "large", prompt: "A cat", [name]: value };

  Deno.test(`"${name}" of a picture is ${all}, or ${none}`, async () => {
    const { gateway, bodies } = createPainter();
    const sent = () => JSON.stringify(bodies);
    assertEquals(await findFate(gateway, IMAGE_PATH, body, name, sent), all);
    const other = createPlainPainter();
    const request = { ...body, model: "grey" };
    assertEquals(
      await findFate(other, IMAGE_PATH, request, name, () => ""),
      none,
    );
  });
}
