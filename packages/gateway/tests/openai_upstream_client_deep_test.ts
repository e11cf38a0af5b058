// OpenAI's own client against the server that stands for OpenAI's.
import { assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import { createOpenAiUpstream } from "@parley/testing";

const messages = [{ role: "user", content: "Hello there" }] as const;

function createPair(apiKey = "sk-1234567890") {
  const upstream = createOpenAiUpstream({
    apiKey: "sk-1234567890",
    contextLength: 20,
    answer: () => "Good day",
  });
  const client = new OpenAI({
    apiKey,
    baseURL: "https://api.openai.com/v1",
    fetch: upstream.fetch,
    maxRetries: 0,
  });
  return { upstream, client };
}

Deno.test("createOpenAiUpstream() answers OpenAI's client", async () => {
  const { client } = createPair();
  const { choices, usage } = await client.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [...messages],
    n: 2,
    temperature: 0.5,
    seed: 1,
    response_format: { type: "text" },
  });
  assertEquals(
    choices.map(({ index, message }) => [index, message.content]),
    [[0, "Good day"], [1, "Good day"]],
  );
  assertEquals(usage?.total_tokens, 6);
});

Deno.test("createOpenAiUpstream() streams to OpenAI's client", async () => {
  const { client } = createPair();
  const stream = client.chat.completions.stream({
    model: "o4-mini",
    messages: [...messages],
    stream_options: { include_usage: true },
    max_completion_tokens: 1,
  });
  const texts: string[] = [];
  stream.on("content", (text) => texts.push(text));
  const { choices, usage } = await stream.finalChatCompletion();
  assertEquals(texts, ["Good"]);
  assertEquals(choices[0]?.message.content, "Good");
  assertEquals(choices[0]?.finish_reason, "length");
  assertEquals(usage?.completion_tokens, 1);
});

Deno.test("createOpenAiUpstream() draws for OpenAI's client", async () => {
  const { client } = createPair();
  const drawing = { model: "dall-e-3", prompt: "A cat", n: 1 };
  const { data: [url] = [] } = await client.images.generate(drawing);
  assertEquals(url?.url, "https://api.openai.com/img/1.png");
  const { data: [bytes] = [] } = await client.images.generate({
    ...drawing,
    response_format: "b64_json",
    size: "1024x1024",
  });
  assertEquals(bytes?.b64_json?.slice(0, 8), "iVBORw0K");
});

Deno.test("createOpenAiUpstream() lists its models for OpenAI's client", async () => {
  const { client } = createPair();
  const ids = [];
  for await (const { id } of client.models.list()) ids.push(id);
  assertEquals(ids, ["gpt-4o-mini", "gpt-4o", "o4-mini", "dall-e-3"]);
  assertEquals((await client.models.retrieve("gpt-4o")).id, "gpt-4o");
});

Deno.test("createOpenAiUpstream() refuses as OpenAI's client knows it", async () => {
  const { client } = createPair();
  const model = "gpt-4o-mini";
  const long = [{ role: "user", content: "a ".repeat(21) }] as const;
  const refusals = [
    [OpenAI.NotFoundError, "model_not_found", { model: "gpt-3", messages }],
    [OpenAI.BadRequestError, "context_length_exceeded", {
      model,
      messages: long,
    }],
    [OpenAI.BadRequestError, "unsupported_parameter", {
      model: "o4-mini",
      messages,
      max_tokens: 5,
    }],
  ] as const;
  for (const [ErrorClass, code, { messages, ...body }] of refusals) {
    const error = await assertRejects(
      async () =>
        await client.chat.completions.create({
          ...body,
          messages: [...messages],
        }),
      OpenAI.APIError,
    );
    assertEquals([error.constructor, error.code], [ErrorClass, code]);
  }
  const error = await assertRejects(
    async () => await createPair("sk-wrong").client.models.list(),
    OpenAI.AuthenticationError,
  );
  assertEquals(error.code, "invalid_api_key");
});
