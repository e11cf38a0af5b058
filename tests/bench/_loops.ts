/**
 * The least that can be done with a body: decode it, cut it, parse it. These
 * loops check nothing, and read only what the bench writes.
 */

interface Chunk {
  readonly choices: readonly [
    { readonly delta: { readonly content?: string } },
  ];
}

interface Line {
  readonly type: string;
  readonly token: string;
}

/** Gives the text between two marks, one after another. */
async function* readBetween(
  body: ReadableStream<Uint8Array>,
  end: string,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const parts: string[] = [];
    let start = 0;
    for (
      let found = rest.indexOf(end);
      found !== -1;
      found = rest.indexOf(end, start)
    ) {
      parts.push(rest.slice(start, found));
      start = found + end.length;
    }
    rest = rest.slice(start);
    yield parts;
  }
}

/** Gives the text of each event of an answer like OpenAI's, by network piece. */
export async function* readChunks(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string[]> {
  for await (const events of readBetween(body, "\n\n")) {
    const texts: string[] = [];
    for (const event of events) {
      const data = event.slice("data: ".length);
      if (data === "[DONE]") continue;
      const { choices: [{ delta }] }: Chunk = JSON.parse(data);
      if (delta.content !== undefined) texts.push(delta.content);
    }
    yield texts;
  }
}

/** Gives each token of an answer of chat-ui, by network piece. */
export async function* readTokens(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string[]> {
  for await (const lines of readBetween(body, "\n")) {
    const texts: string[] = [];
    for (const line of lines) {
      const { type, token }: Line = JSON.parse(line);
      if (type === "stream") texts.push(token.replaceAll("\0", ""));
    }
    yield texts;
  }
}
