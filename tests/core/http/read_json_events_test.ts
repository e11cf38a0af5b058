import { assertEquals } from "@std/assert";
import { isProviderError } from "../../../core/chat/errors.ts";
import { readJsonEvents } from "../../../core/http/read_json_events.ts";
import { createParrot, toTextEvent } from "../../_parrot.ts";

/** Reads an answer into its events as text, and the code of its failure. */
async function read(body: string): Promise<readonly unknown[]> {
  const { provider } = createParrot({
    answer: () => new Response(body),
    async *respond(run) {
      const response = await run.post("/say");
      for await (const events of readJsonEvents(run, response)) {
        yield events.map((event) => toTextEvent(JSON.stringify(event)));
      }
      yield { type: "finish", reason: "stop" };
    },
  });
  const read: unknown[] = [];
  try {
    for await (const event of provider.stream("?", { maxRetries: 0 })) {
      if (event.type === "text") read.push(JSON.parse(event.text));
    }
  } catch (error) {
    if (isProviderError(error)) read.push(error.code);
  }
  return read;
}

const ONE = { event: "message", data: 1 };
const TWO = { event: "add", data: { a: 2 } };
const BODY = 'data: 1\n\nevent: add\ndata: {"a":2}\n\n';

Deno.test("readJsonEvents() reads up to the end, and stops at [DONE]", async () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    [BODY, [ONE, TWO]],
    [`: alive\n\nevent: ping\n\n${BODY}`, [ONE, TWO]],
    [`${BODY}data: [DONE]\n\ndata: 3\n\n`, [ONE, TWO]],
    ["data: [DONE]\n\n", []],
    [`${BODY}data: no\n\ndata: 3\n\n`, [ONE, TWO, "bad-response"]],
    [`${BODY}data: {"a":`, [ONE, TWO, "incomplete"]],
    [`${BODY}data: 3`, [ONE, TWO, { event: "message", data: 3 }]],
  ];
  for (const [body, expected] of cases) {
    assertEquals(await read(body), expected, body);
  }
});
