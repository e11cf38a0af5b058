// What comes in place of an object that OpenAI's own client asks for.
import {
  assertEquals,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import { ask } from "./_gateway.ts";
import { CHAT, complete, createServed, FORMAT, FORMS } from "./_served.ts";

for (const { model, stream } of FORMS) {
  const form = `${model}, streamed ${stream}`;

  for (
    const [what, deltas, message, reason] of [
      ["a refusal", [{ refusal: "I " }, { refusal: "cannot" }], {
        refusal: "I cannot",
      }, "stop"],
      [
        "a part that is a refusal",
        [{
          content: [{ type: "refusal", refusal: "No" }],
        }],
        { refusal: "No" },
        "stop",
      ],
      ["an object", [{ content: " " }, { content: "{}" }], {
        content: " {}",
      }, "stop"],
    ] as const
  ) {
    Deno.test(`${what} in place of an object comes as such from ${form}`, async () => {
      const { gateway } = createServed(deltas, {}, {}, reason);
      const body = { model, tools: [], response_format: FORMAT };
      const { choices } = await complete(gateway, body, stream);
      assertEquals(choices[0]?.finish_reason, reason);
      assertObjectMatch({ ...choices[0]?.message }, message);
    });
  }
}

Deno.test("what is filtered before anything is said is no answer", async () => {
  const { gateway } = createServed([{ content: "" }], {}, {}, "content_filter");
  const body = { ...CHAT, tools: [], response_format: FORMAT };
  const { status } = await ask(gateway, body);
  assertEquals(status, 400);
});

for (const { model, stream } of FORMS) {
  for (
    const [content, reason] of [
      ['{"a":', "length"],
      [' {"a":', "content_filter"],
      ["[1", "length"],
    ] as const
  ) {
    Deno.test(`${content} comes as it is from ${model}, streamed ${stream}`, async () => {
      const { gateway } = createServed([{ content }], {}, {}, reason);
      const body = { ...CHAT, tools: [], model, response_format: FORMAT };
      const response = await ask(gateway, { ...body, stream });
      const text = await response.text();
      for (const part of [`"content":${JSON.stringify(content)}`, reason]) {
        assertStringIncludes(text, part);
      }
    });
  }

  Deno.test(`an object beside tools is content from ${model}, streamed ${stream}`, async () => {
    const call = { name: "city", arguments: "{}" };
    const { gateway } = createServed([{
      tool_calls: [{ index: 0, id: "1", function: call }],
    }]);
    const body = { model, response_format: FORMAT };
    const { choices } = await complete(gateway, body, stream);
    const { content, tool_calls = [] } = choices[0]?.message ?? {};
    assertEquals([content, tool_calls.length, choices[0]?.finish_reason], [
      "{}",
      0,
      "stop",
    ]);
  });
}
