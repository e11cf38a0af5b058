// What real servers answered, read by the client.
import { assertEquals } from "@std/assert";
import { rechunk } from "@parley/testing";
import { readAll } from "../../../packages/testing/conformance/ending.ts";
import { readExchanges } from "../../../packages/testing/tests/_chat_ui_exchanges.ts";
import { createScriptedChatUi } from "../../_chat_ui.ts";

/** The codes of errors inside an answer, by the beginning of their words. */
const CODES: Readonly<Record<string, string>> = {
  "400": "context-length",
  "429": "rate-limit",
};

/** What an answer says, as a reader of the protocol would put it down. */
function toExpected(body: string) {
  const updates = body.split("\n").filter((line) => line.trim())
    .map((line) => JSON.parse(line));
  const find = (name: string) => updates.find(({ type }) => type === name);
  const streamed = updates.map(({ type, token }) =>
    type === "stream" ? token.replaceAll("\0", "") : ""
  ).join("");
  const failure = updates.find(({ status }) => status === "error");
  const isOver = find("finalAnswer") ||
    updates.some(({ status }) => status === "finished");
  return {
    text: streamed.replaceAll(/<think>[^]*?<\/think>/g, ""),
    reasoning: [...streamed.matchAll(/<think>([^]*?)<\/think>/g)]
      .map(([, text]) => text).join(""),
    title: find("title")?.title,
    code: failure
      ? CODES[failure.message.slice(0, 3)] ?? "upstream"
      : isOver
      ? undefined
      : "incomplete",
  };
}

for (const name of ["exchanges", "newest"] as const) {
  Deno.test(`createChatUi() reads what a real server answered: ${name}`, async () => {
    const exchanges = (await readExchanges(name)).filter(({ response }) =>
      response.headers["content-type"] === "application/jsonl"
    );
    for (const { id, response } of exchanges) {
      const expected = toExpected(response.body);
      for (const chunking of ["whole", "bytes", "characters"] as const) {
        const pieces = [new TextEncoder().encode(response.body)];
        const { provider } = createScriptedChatUi({
          answer: () =>
            new Response(ReadableStream.from(rechunk(pieces, chunking))),
        });
        const { events, text, error } = await readAll(provider.stream("Hi"));
        const reasoning = events.map((event) =>
          event.type === "reasoning" ? event.text : ""
        ).join("");
        const title = events.find(({ type }) => type === "title");
        assertEquals(
          {
            text,
            reasoning,
            title: title?.type === "title" ? title.title : undefined,
            code: error?.code,
          },
          expected,
          id,
        );
      }
    }
  });
}
