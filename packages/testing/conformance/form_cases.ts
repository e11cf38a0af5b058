import { type ChatEvent, toSseEvents } from "@parley/chat";
import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import { createFixture, TEXT } from "./fixture.ts";
import type { CaseDefinition } from "./target.ts";
import { withoutIds } from "./without_ids.ts";
import { catchReason } from "./waiting.ts";

/** What crosses a network is JSON; two answers differ in their ids. */
function toComparable(events: readonly ChatEvent[]): unknown {
  return JSON.parse(JSON.stringify(events.map(withoutIds)));
}

/** An answer is the same in every form in which it is passed on. */
export const FORM_CASES: readonly CaseDefinition[] = [
  {
    name: "gives its text as a stream, and as a response",
    async run(target) {
      const { stream } = await createFixture(target);
      let text = "";
      for await (const piece of stream().textStream()) text += piece;
      checkEquals(text, TEXT, "The text of the stream");
      const response = stream().toResponse();
      checkEquals(await response.text(), TEXT, "The text of the response");
    },
  },
  {
    name: "gives its events as a response, in either format",
    concerns: ({ keepsConversation }) => keepsConversation !== true,
    async run(target) {
      const { stream } = await createFixture(target);
      const { events } = await readAll(stream());
      const { body } = stream().toResponse({ format: "sse" });
      check(body !== null, "The response has no body");
      const sent: ChatEvent[] = [];
      for await (const { data } of toSseEvents(body)) {
        sent.push(JSON.parse(data));
      }
      checkEquals(
        toComparable(sent),
        toComparable(events),
        "The events as SSE",
      );
      const lines = await stream().toResponse({ format: "jsonl" }).text();
      checkEquals(
        toComparable(
          lines.trimEnd().split("\n").map((line) => JSON.parse(line)),
        ),
        toComparable(events),
        "The events as lines",
      );
    },
  },
  {
    name: "breaks off its response where it fails",
    async run(target) {
      const { stream } = await createFixture(target, {
        plan: { faults: [{ type: "reset", after: { bytes: 40 } }] },
        provider: { maxRetries: 0 },
      });
      const { body } = stream().toResponse();
      const reason = await catchReason(new Response(body).text());
      check(reason !== undefined, "The response ends as if it were whole");
    },
  },
];
