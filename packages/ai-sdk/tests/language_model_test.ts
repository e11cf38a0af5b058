import { APICallError, NoSuchModelError } from "@ai-sdk/provider";
import {
  assertEquals,
  assertObjectMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { ProviderError } from "@parley/chat";
import { createFailover } from "@parley/chat/failover";
import { toLanguageModel, toProvider } from "../mod.ts";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import {
  createAnswers,
  CUT,
  FORMAT,
  PROMPT,
  readParts,
  SOURCE,
  stop,
  toDelta,
  TOOLS,
  USAGE,
} from "./_answers.ts";

Deno.test("doStream() begins with warnings and who answers, and ends with tokens", async () => {
  const { provider } = createAnswers([[
    { type: "route", provider: "Other", model: "red" },
    { type: "warning", code: "early", message: "Early" },
    [toTextEvent("Hi")],
    { type: "warning", code: "late", message: "Late" },
    USAGE,
    {
      type: "finish",
      reason: "stop",
      rawReason: "end_turn",
      responseId: "r-1",
      responseModel: "red-2",
      provider: "Other",
      model: "red",
    },
  ]]);
  const parts = await readParts(provider, { topK: 3 });
  assertEquals(parts.slice(0, 2), [
    {
      type: "stream-start",
      warnings: [
        { type: "unsupported", feature: "topK" },
        { type: "other", message: "Early" },
      ],
    },
    { type: "response-metadata", modelId: "red" },
  ]);
  assertEquals(parts.slice(-2), [
    { type: "response-metadata", id: "r-1", modelId: "red-2" },
    {
      type: "finish",
      finishReason: { unified: "stop", raw: "end_turn" },
      usage: {
        inputTokens: {
          total: 3,
          noCache: undefined,
          cacheRead: 1,
          cacheWrite: undefined,
        },
        outputTokens: { total: 2, text: undefined, reasoning: undefined },
        raw: {
          inputTokens: 3,
          outputTokens: 2,
          totalTokens: 5,
          cachedTokens: 1,
        },
      },
      providerMetadata: {
        Parrot: {
          provider: "Other",
          model: "red",
          warnings: [{ type: "other", message: "Late" }],
        },
      },
    },
  ]);
});

Deno.test("doStream() and doGenerate() reject what fails before the first content", async () => {
  for (const method of ["doStream", "doGenerate"] as const) {
    const { provider } = createAnswers([[
      new ProviderError("No", { code: "rate-limit", status: 429 }),
    ]]);
    const model = toLanguageModel(provider);
    const error = await assertRejects(
      async () => await model[method]({ prompt: PROMPT }),
      APICallError,
    );
    assertEquals([error.statusCode, error.isRetryable], [429, false]);
    assertEquals(error.requestBodyValues, {});
    assertObjectMatch(Object(error.data), { code: "rate-limit" });
  }
});

Deno.test("doStream() ends with the reason of an abort", async () => {
  for (const isEarly of [true, false]) {
    const controller = new AbortController();
    const { provider } = createAnswers([[toTextEvent("Hi"), FINISH]]);
    if (isEarly) controller.abort("enough");
    const open = toLanguageModel(provider).doStream({
      prompt: PROMPT,
      abortSignal: controller.signal,
    });
    const read = async () => {
      const { stream } = await open;
      controller.abort("enough");
      await Array.fromAsync(stream);
    };
    assertEquals(await read().catch((reason) => reason), "enough");
  }
});

Deno.test("doStream() lets go of the run when its reader leaves", async () => {
  const { provider, runs } = createAnswers([[toTextEvent("Hi"), FINISH]]);
  const { stream } = await toLanguageModel(provider).doStream({
    prompt: PROMPT,
  });
  await stream.cancel();
  assertEquals(runs[0]?.signal.aborted, true);
});

Deno.test("doStream() shows an answer of a failover that is held until it is whole", async () => {
  const [first, second] = [
    createAnswers([[toTextEvent("Bad"), CUT]]),
    createAnswers([[toTextEvent("Good"), FINISH]], { id: "Other" }),
  ];
  const failover = createFailover([
    first.provider,
    second.provider,
  ], { onPartial: "hold" });
  const parts = await readParts(failover);
  assertEquals(
    parts.flatMap((part) => part.type === "text-delta" ? [part.delta] : []),
    ["Good"],
  );
});

Deno.test("doGenerate() gives the same in one piece", async () => {
  const { provider } = createAnswers([[
    { type: "reasoning", text: "Hm" },
    toTextEvent("Wait"),
    SOURCE,
    toDelta("{}", { opaque: { sign: "s" } }),
    stop({ opaque: { details: 1 } }),
  ], [toTextEvent("{oh"), FINISH]]);
  const model = toLanguageModel(provider, "green");
  const { content, finishReason, response } = await model.doGenerate({
    prompt: PROMPT,
    tools: TOOLS,
  });
  const origin = { provider: "Parrot", model: "green", opaque: { details: 1 } };
  assertEquals(content, [
    { type: "reasoning", text: "Hm" },
    { type: "text", text: "Wait" },
    {
      type: "source",
      sourceType: "url",
      id: "source-0",
      url: "https://ulm.example/",
      title: "Ulm",
    },
    {
      type: "tool-call",
      toolCallId: "call-1",
      toolName: "weather",
      input: "{}",
      providerMetadata: { Parrot: { ...origin, callOpaque: { sign: "s" } } },
    },
  ]);
  assertEquals(finishReason.unified, "tool-calls");
  assertEquals(response?.modelId, "green");

  const wrong = await model.doGenerate({
    prompt: PROMPT,
    responseFormat: FORMAT,
  });
  assertEquals(wrong.content, [{ type: "text", text: "{oh" }]);
});

Deno.test("a model is known by its name, and pictures where they are taken", () => {
  const { provider } = createAnswers([]);
  assertEquals(toLanguageModel(provider).modelId, "grey");
  assertEquals(Object.keys(toLanguageModel(provider).supportedUrls), [
    "image/*",
  ]);
  const blind = createAnswers([], { acceptsImages: false });
  assertEquals(toLanguageModel(blind.provider).supportedUrls, {});
  const sdk = toProvider(provider);
  assertEquals(sdk.languageModel("green").modelId, "green");
  for (
    const type of ["languageModel", "imageModel", "embeddingModel"] as const
  ) {
    assertThrows(() => sdk[type]("nothing"), NoSuchModelError);
  }
});
