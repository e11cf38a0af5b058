import { assertEquals } from "@std/assert";

/** A chunk of an OpenAI-like stream, as far as tests look at it. */
export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Readonly<Record<string, number>>;
}

/** The chunks of an OpenAI-like stream, which ends with `[DONE]`. */
export function toEvents(text: string): Chunk[] {
  const events = text.split("\n\n");
  assertEquals(events.splice(-2), ["data: [DONE]", ""]);
  return events.map((event) => JSON.parse(event.replace(/^data: /, "")));
}
