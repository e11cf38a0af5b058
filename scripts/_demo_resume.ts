import { createCohereC4aiCommand, parseConversation } from "@parley/chat";

/**
 * Takes up a conversation.
 *
 * @param stored The conversation as JSON.
 * @param prompt What to ask next.
 * @returns The pieces of the answer.
 */
export async function* resumeConversation(
  stored: string,
  prompt: string,
): AsyncGenerator<string> {
  const conversation = parseConversation(JSON.parse(stored));
  const provider = createCohereC4aiCommand({ baseUrl: conversation.origin });
  yield* provider.stream(prompt, { conversation }).textStream();
}

// The demo runs this file as its second process.
if (import.meta.main) {
  const [path = "", prompt = ""] = Deno.args;
  const encoder = new TextEncoder();
  const output = Deno.stdout.writable.getWriter();
  const stored = await Deno.readTextFile(path);
  for await (const piece of resumeConversation(stored, prompt)) {
    await output.write(encoder.encode(piece));
  }
}
