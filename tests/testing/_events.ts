import { assertEquals } from "@std/assert";

/** The chunks of an OpenAI-like stream, which ends with `[DONE]`. */
// deno-lint-ignore no-explicit-any
export function toEvents(text: string): any[] {
  const events = text.split("\n\n");
  assertEquals(events.splice(-2), ["data: [DONE]", ""]);
  return events.map((event) => JSON.parse(event.replace(/^data: /, "")));
}
