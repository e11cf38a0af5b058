/**
 * Answers that a caller begins, in the form of OpenAI's chat completions.
 *
 * @module
 */

/**
 * How a server is asked to go on with an assistant's message at the end: by
 * `prefix` of the message (DeepSeek, Mistral), by `continue_final_message` of the
 * request (vLLM, SGLang), or not at all, as it does so anyway (llama.cpp).
 */
export const PREFILLS = [
  "prefix",
  "continue_final_message",
  "implicit",
] as const;

/** One of {@linkcode PREFILLS}. */
export type Prefill = typeof PREFILLS[number];

/** Messages as they are sent. */
type Messages = readonly { readonly role: string }[];

/**
 * Writes messages, the last of which may be an answer to go on with.
 *
 * @param messages The messages, as they are to be sent.
 * @param prefill How the server is asked to go on; it is not without it.
 * @returns The fields of the request.
 */
export function toPrefillFields(
  messages: Messages,
  prefill: Prefill | undefined,
): Readonly<Record<string, unknown>> {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return { messages };
  switch (prefill) {
    case "prefix":
      return {
        messages: [...messages.slice(0, -1), { ...last, prefix: true }],
      };
    case "continue_final_message":
      return {
        messages,
        continue_final_message: true,
        add_generation_prompt: false,
      };
    default:
      return { messages };
  }
}
