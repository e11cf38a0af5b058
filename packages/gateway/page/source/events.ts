/** An event of an event stream. */
export interface StreamEvent {
  /** Its name. */
  readonly name: string;
  /** Its data. */
  readonly data: string;
}

/**
 * Reads Server-Sent Events, as far as the gateway writes them: each ends with a
 * blank line, and a comment is no event.
 *
 * @param body What the gateway sends.
 * @returns The events.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<StreamEvent, void, undefined> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (buffer + value).split("\n\n");
      buffer = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event.data !== "") yield event;
      }
    }
  } finally {
    // Tells the gateway that nobody reads on; what is broken already may say so.
    await reader.cancel().catch(() => {});
  }
}

function parseEvent(block: string): StreamEvent {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return { name, data: data.join("\n") };
}
