import { assert, assertEquals } from "@std/assert";
import { validate } from "@std/uuid/v7";
import {
  ANSWER,
  ask,
  createParrotGateway,
  get,
  post,
  readError,
  say,
} from "./_gateway.ts";

const SECRET = "secret-4711";
const user = (content: unknown) => ({ messages: [{ role: "user", content }] });

const WRONG: Readonly<
  Record<
    string,
    readonly [
      body: Record<string, unknown>,
      param: string | null,
      code: string | null,
    ]
  >
> = {
  "no model": [{ model: undefined }, "model", "missing_required_parameter"],
  "an empty model": [{ model: "" }, "model", "invalid_value"],
  "a model whose name is endless": [
    { model: SECRET.repeat(100) },
    "model",
    "invalid_value",
  ],
  "a model that forges lines of a log": [
    { model: `Parrot/${SECRET}\n{"status":200}` },
    "model",
    "invalid_value",
  ],
  "a model that turns a terminal around": [
    { model: `Parrot/${SECRET}\u009b2J\u202e` },
    "model",
    "invalid_value",
  ],
  "a model with half a character": [
    { model: `Parrot/${SECRET}\ud800` },
    "model",
    "invalid_value",
  ],
  "a model that is a number": [{ model: 4 }, "model", "invalid_value"],
  "no messages": [
    { messages: undefined },
    "messages",
    "missing_required_parameter",
  ],
  "messages that are text": [{ messages: SECRET }, "messages", "invalid_value"],
  "an empty list of messages": [
    { messages: [] },
    "messages",
    "invalid_value",
  ],
  "a flood of messages that are none": [
    { messages: Array(300_000).fill(0) },
    "messages[0]",
    "invalid_value",
  ],
  "a flood of parts that are none": [
    user(Array(300_000).fill(0)),
    "messages[0].content[0]",
    "invalid_value",
  ],
  "an empty message": [user(""), "messages", "invalid_value"],
  "a message that is text": [
    { messages: [SECRET] },
    "messages[0]",
    "invalid_value",
  ],
  "content that is a number": [user(4), "messages[0].content", "invalid_value"],
  "an unknown role": [
    { messages: [{ role: SECRET, content: "x" }] },
    "messages[0].role",
    "unsupported_value",
  ],
  "the answer of a tool": [
    { messages: [{ role: "tool", tool_call_id: "1", content: "x" }] },
    "messages[0].role",
    "unsupported_parameter",
  ],
  "the call of a tool": [
    {
      messages: [{
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", function: { name: "x", arguments: "" } }],
      }],
    },
    "messages[0].tool_calls",
    "unsupported_parameter",
  ],
  "a part of unknown type": [
    user([{ type: "input_audio", input_audio: {} }]),
    "messages[0].content[0]",
    "unsupported_value",
  ],
  "a picture of a file": [
    user([{ type: "image_url", image_url: { url: "file:///etc/passwd" } }]),
    "messages[0].content[0].image_url.url",
    "invalid_image_url",
  ],
  "a page as picture": [
    user([{ type: "image_url", image_url: { url: "data:text/html,x" } }]),
    "messages[0].content[0].image_url.url",
    "invalid_image_url",
  ],
  "two choices": [{ n: 2 }, "n", "unsupported_parameter"],
  "no choice": [{ n: 0 }, "n", "invalid_value"],
  "tools": [
    { tools: [{ type: "function", function: { name: "x" } }] },
    "tools",
    "unsupported_parameter",
  ],
  "functions": [
    { functions: [{ name: "x" }] },
    "functions",
    "unsupported_parameter",
  ],
  "too much temperature": [{ temperature: 9 }, "temperature", "invalid_value"],
  "stream as text": [{ stream: "true" }, "stream", "invalid_value"],
  "no tokens": [{ max_tokens: 0 }, "max_tokens", "invalid_value"],
};

for (const [name, [body, param, code]] of Object.entries(WRONG)) {
  Deno.test(`a request with ${name} is refused, and not repeated [W09]`, async () => {
    let asked = 0;
    const gateway = createParrotGateway(async function* () {
      asked++;
      yield* ANSWER;
    });
    const response = await ask(gateway, body);
    assertEquals(response.status, 400);
    const error = await readError(response);
    assertEquals([error.type, error.param, error.code], [
      "invalid_request_error",
      param,
      code,
    ]);
    assert(!JSON.stringify(error).includes(SECRET));
    assertEquals(asked, 0);
  });
}

for (
  const [name, body, headers, status] of [
    ["that is no JSON", '{"secret-4711', {}, 400],
    ["that is an array", '["secret-4711"]', {}, 400],
    ["that is a number", "4711", {}, 400],
    ["with __proto__", '{"__proto__":{"x":"secret-4711"}}', {}, 400],
    ["of another type", "secret-4711", { "content-type": "text/plain" }, 415],
  ] as const
) {
  Deno.test(`a body ${name} is refused, and not repeated [W09]`, async () => {
    for (const path of ["/v1/chat/completions", "/v1/images/generations"]) {
      const gateway = say(ANSWER);
      const response = await post(gateway, path, {}, { body, headers });
      assertEquals(response.status, status);
      const text = await response.text();
      assertEquals(JSON.parse(text).error.type, "invalid_request_error");
      assert(!text.includes(SECRET), text);
    }
  });
}

Deno.test("every answer says that nobody may store or guess it [W21]", async () => {
  const gateway = say(ANSWER);
  for (
    const response of [
      await ask(gateway),
      await ask(gateway, { stream: true }),
      await ask(gateway, { n: 2 }),
      await get(gateway, "/v1/models"),
      await get(gateway, "/v1/nothing"),
      await get(gateway, "/healthz"),
    ]
  ) {
    await response.text();
    const { headers } = response;
    assertEquals(headers.get("cache-control"), "no-store");
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assert(validate(headers.get("x-request-id") ?? ""));
  }
});
