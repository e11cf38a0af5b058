import { assertEquals, assertObjectMatch } from "@std/assert";
import { create, DONE, read, toChunk, toData, toText } from "./_reader.ts";

Deno.test("readOpenAiAnswer() reads tokens and names", async () => {
  const { events } = await read(
    toData({
      id: "chatcmpl-1",
      model: "small-2",
      choices: [{ message: { content: "a" }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 4,
        total_tokens: 13,
        prompt_tokens_details: { cached_tokens: 6 },
        completion_tokens_details: { reasoning_tokens: 3 },
        cost: 0.25,
      },
    }),
    {},
    { "x-request-id": "req-1" },
  );
  assertEquals(events.slice(1), [
    {
      type: "usage",
      usage: {
        inputTokens: 9,
        outputTokens: 4,
        totalTokens: 13,
        cachedTokens: 6,
        reasoningTokens: 3,
        cost: 0.25,
      },
    },
    {
      type: "finish",
      reason: "stop",
      rawReason: "stop",
      responseModel: "small-2",
      responseId: "chatcmpl-1",
      requestId: "req-1",
    },
  ]);
});

Deno.test("readOpenAiAnswer() reads reasoning between tags, cut anywhere", async () => {
  const text = "a<think>why < so</think>b<think>";
  for (let size = 1; size <= text.length; size++) {
    let body = "";
    for (let at = 0; at < text.length; at += size) {
      body += toChunk(text.slice(at, at + size));
    }
    const { events } = await read(body + DONE, { reasoningTags: true });
    assertEquals(
      [toText(events), toText(events, "reasoning")],
      ["ab", "why < so"],
    );
  }
  const { events } = await read(`${toChunk("a <thi")}${DONE}`, {
    reasoningTags: true,
  });
  assertEquals(toText(events), "a <thi");
});

Deno.test("readOpenAiAnswer() reads reasoning that has only its closing tag", async () => {
  const pieces = ["why", " so</thi", "nk>b<think>", "a</think>c"];
  const body = pieces.map((text) => toChunk(text)).join("");
  const { events } = await read(body + DONE, {
    reasoningTags: "closing",
  });
  assertEquals(
    [toText(events), toText(events, "reasoning")],
    ["bc", "why soa"],
  );
});

Deno.test("readOpenAiAnswer() takes no refusal for reasoning", async () => {
  const refusal = toData({ choices: [{ delta: { refusal: "No" } }] });
  const { events } = await read(`${toChunk("why")}${refusal}${DONE}`, {
    reasoningTags: "closing",
  });
  assertEquals([toText(events), toText(events, "reasoning")], ["No", "why"]);
});

Deno.test("readOpenAiAnswer() gives pictures wherever they stand", async () => {
  const picture = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
  for (
    const delta of [
      { images: [{ type: "image_url", image_url: { url: picture } }] },
      { images: [{ image_url: picture }] },
      { images: [picture] },
      { images: [{ b64_json: picture.slice(picture.indexOf(",") + 1) }] },
      { content: [{ type: "image_url", image_url: { url: picture } }] },
    ]
  ) {
    const { provider } = create(toData({ choices: [{ delta }] }) + DONE);
    const { images: [image] } = await provider.generate("A dot");
    await image?.bytes();
    assertObjectMatch(image?.toJSON() ?? {}, {
      mediaType: "image/gif",
      prompt: "A dot",
    });
  }
});
