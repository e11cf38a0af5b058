// The AI SDK asks through its client for servers that are like OpenAI's.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { assertEquals, assertRejects } from "@std/assert";
import { APICallError, generateImage, generateText, streamText } from "ai";
import { createAmigoChat, ProviderError } from "@parley/chat";
import { createAmigoChatUpstream, echo } from "@parley/testing";
import { toTextEvent } from "../../../tests/_parrot.ts";
import {
  ANSWER,
  createParrotGateway,
  type Gateway,
  open,
  say,
} from "./_gateway.ts";
import { TestServer } from "./_server.ts";

function createAiSdk(gateway: Gateway) {
  const server = new TestServer(gateway);
  const parley = createOpenAICompatible({
    name: "parley",
    baseURL: `${server.origin}/v1`,
    apiKey: "a-key",
    includeUsage: true,
  });
  return {
    parley,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const AMIGO_CHAT = () =>
  open({
    providers: [createAmigoChat({ fetch: createAmigoChatUpstream().fetch })],
  });

Deno.test("streamText() streams an answer", async () => {
  await using client = createAiSdk(AMIGO_CHAT());
  const { textStream, finishReason, usage } = streamText({
    model: client.parley("AmigoChat/gpt-4o-mini"),
    system: "Be brief",
    prompt: "Hello",
  });
  const text = (await Array.fromAsync(textStream)).join("");
  assertEquals([text, await finishReason], [echo("Hello"), "stop"]);
  assertEquals((await usage).inputTokens, 3);
});

Deno.test("streamText() tells reasoning apart", async () => {
  const gateway = say([{ type: "reasoning", text: "Hmm" }, ...ANSWER]);
  await using client = createAiSdk(gateway);
  const { text, reasoningText } = streamText({
    model: client.parley("Parrot/grey"),
    prompt: "Hello",
  });
  assertEquals([await text, await reasoningText], ["Good day", "Hmm"]);
});

Deno.test("streamText() hears of an error in the middle of a stream", async () => {
  await using client = createAiSdk(createParrotGateway(async function* () {
    yield toTextEvent("Good");
    throw new ProviderError("Cut", { code: "incomplete" });
  }));
  const errors: unknown[] = [];
  const { textStream } = streamText({
    model: client.parley("Parrot/grey"),
    prompt: "Hello",
    onError: ({ error }) => void errors.push(error),
  });
  assertEquals(await Array.fromAsync(textStream), ["Good"]);
  assertEquals(errors.map((error) => (error as { code: string }).code), [
    "incomplete",
  ]);
});

Deno.test("generateText() collects an answer", async () => {
  await using client = createAiSdk(AMIGO_CHAT());
  const { text, usage, response } = await generateText({
    model: client.parley("claude-3.5-sonnet"),
    prompt: "Hello",
  });
  assertEquals(text, echo("Hello"));
  assertEquals(usage.inputTokens, 1);
  assertEquals(response.modelId, "AmigoChat/claude-3-5-sonnet-20241022");
});

Deno.test("generateText() hears why it is refused", async () => {
  await using client = createAiSdk(AMIGO_CHAT());
  const error = await assertRejects(
    () => generateText({ model: client.parley("nothing"), prompt: "Hello" }),
    APICallError,
  );
  assertEquals([error.statusCode, error.isRetryable], [404, false]);
});

Deno.test("generateImage() makes a picture", async () => {
  await using client = createAiSdk(AMIGO_CHAT());
  const { image } = await generateImage({
    model: client.parley.imageModel("AmigoChat/flux/dev"),
    prompt: "A red cat",
  });
  assertEquals(image.mediaType, "image/png");
});
