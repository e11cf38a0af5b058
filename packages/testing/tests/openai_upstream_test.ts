import { assertEquals } from "@std/assert";
import { createOpenAiUpstream } from "../mod.ts";
import { toEvents } from "./_events.ts";
import {
  CHAT,
  IMAGES,
  MODELS,
  SITE,
  toChat,
  toInit,
} from "./_openai_requests.ts";
import { assertPng } from "./_png.ts";

/** The events of a stream, without what is of chance in them. */
function toData(text: string): string[] {
  const known = text
    .replaceAll(/"id":"chatcmpl-[0-9a-f-]{36}"/g, '"id":"chatcmpl-1"')
    .replaceAll(/"created":\d{10}/g, '"created":1');
  return known.split("\n\n").map((event) => event.replace(/^data: /, ""));
}

/** The chunks of an answer of two words. */
function toChunks(usage: string): string[] {
  const beginning =
    '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,' +
    '"model":"gpt-4o-mini","choices":[';
  return [
    '"delta":{"role":"assistant","content":""},"finish_reason":null',
    '"delta":{"content":"Good"},"finish_reason":null',
    '"delta":{"content":" day"},"finish_reason":null',
    '"delta":{},"finish_reason":"stop"',
  ].map((choice) => `${beginning}{"index":0,${choice}}]${usage}}`);
}

Deno.test("createOpenAiUpstream() streams chunks", async () => {
  const upstream = createOpenAiUpstream({
    answer: () => "Good day",
    prefix: "/hub",
  });
  await using server = upstream.serve();
  for (
    const [fetch, base] of [
      [upstream.fetch, `${SITE}/hub`],
      [globalThis.fetch, `${server.url}/hub`],
    ] as const
  ) {
    const init = toInit(toChat({ stream: true }));
    const response = await fetch(`${base}${CHAT}`, init);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    const data = toData(await response.text());
    assertEquals(data, [...toChunks(""), "[DONE]", ""]);
  }
});

Deno.test("createOpenAiUpstream() tells its usage after the answer where that is wanted", async () => {
  const upstream = createOpenAiUpstream({ answer: () => "Good day" });
  const fields = { stream: true, stream_options: { include_usage: true } };
  const response = await upstream.fetch(
    `${SITE}${CHAT}`,
    toInit(toChat(fields)),
  );
  assertEquals(toData(await response.text()), [
    ...toChunks(',"usage":null'),
    '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,' +
    '"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":2,' +
    '"completion_tokens":2,"total_tokens":4}}',
    "[DONE]",
    "",
  ]);
});

Deno.test("createOpenAiUpstream() gives as many answers as are wanted", async () => {
  const upstream = createOpenAiUpstream({ answer: () => "one two three" });
  const fields = { n: 2, max_completion_tokens: 2 };
  const whole = await upstream.fetch(`${SITE}${CHAT}`, toInit(toChat(fields)));
  const { choices, usage } = await whole.json();
  const message = { role: "assistant", content: "one two" };
  assertEquals(choices, [
    { index: 0, message, finish_reason: "length" },
    { index: 1, message, finish_reason: "length" },
  ]);
  assertEquals(usage, {
    prompt_tokens: 2,
    completion_tokens: 4,
    total_tokens: 6,
  });

  const init = toInit(toChat({ ...fields, stream: true }));
  const stream = await upstream.fetch(`${SITE}${CHAT}`, init);
  const texts = ["", ""];
  for (const { choices: [choice] } of toEvents(await stream.text())) {
    texts[choice?.index ?? 0] += choice?.delta.content ?? "";
  }
  assertEquals(texts, ["one two", "one two"]);
});

Deno.test("createOpenAiUpstream() draws, in either form and any number", async () => {
  const upstream = createOpenAiUpstream({ prefix: "/hub" });
  const draw = async (fields: Record<string, unknown>) => {
    const body = { prompt: "two cats", model: "dall-e-3", ...fields };
    const response = await upstream.fetch(
      `${SITE}/hub${IMAGES}`,
      toInit(body),
    );
    return (await response.json()).data;
  };
  assertEquals(await draw({ n: 1 }), [{ url: `${SITE}/hub/img/1.png` }]);
  assertEquals(await draw({ n: 2, response_format: "url" }), [
    { url: `${SITE}/hub/img/2.png` },
    { url: `${SITE}/hub/img/3.png` },
  ]);
  const picture = await upstream.fetch(`${SITE}/hub/img/3.png`);
  await assertPng(await picture.bytes());
  const [{ b64_json }] = await draw({ response_format: "b64_json" });
  await assertPng(Uint8Array.fromBase64(b64_json));
});

Deno.test("createOpenAiUpstream() lists its models, and tells of each", async () => {
  const { fetch } = createOpenAiUpstream({
    models: ["a", "org/b"],
    imageModels: ["c"],
  });
  const { object, data } = await (await fetch(`${SITE}${MODELS}`)).json();
  assertEquals(object, "list");
  assertEquals(data.map(({ id }: { id: string }) => id), ["a", "org/b", "c"]);
  for (const name of ["org/b", "org%2Fb"]) {
    const response = await fetch(`${SITE}${MODELS}/${name}`);
    assertEquals(await response.json(), {
      id: "org/b",
      object: "model",
      created: 1715367049,
      owned_by: "system",
    });
  }
  const unknown = await fetch(`${SITE}${MODELS}/%ff`);
  const { error: { code, param } } = await unknown.json();
  assertEquals([unknown.status, code, param], [
    404,
    "model_not_found",
    "model",
  ]);
});

Deno.test("createOpenAiUpstream() takes what it has no use for", async () => {
  const { fetch } = createOpenAiUpstream({ contextLength: 4 });
  const fields = {
    messages: [{ role: "developer", content: "Be brief" }, {
      role: "user",
      content: [{ type: "text", text: "a b" }],
    }],
    temperature: null,
    max_tokens: null,
    seed: 7,
    tools: [],
  };
  const response = await fetch(`${SITE}${CHAT}`, toInit(toChat(fields)));
  assertEquals(response.status, 200);
  await response.body?.cancel();
});
