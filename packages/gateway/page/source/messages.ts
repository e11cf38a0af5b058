import type { Chat, Turn } from "./turns.ts";

/** A message in the form of the gateway. */
export interface Message {
  /** Who says it. */
  readonly role: "system" | "user" | "assistant";
  /** What is said. */
  readonly content: string | readonly MessagePart[];
}

/** A part of a message in the form of the gateway. */
export type MessagePart =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "image_url";
    readonly image_url: { readonly url: string };
  };

/** What a request may hold. */
export interface MessageLimits {
  /** Whether the model can be shown pictures. */
  readonly sees: boolean;
  /** The most bytes of a request that holds pictures. */
  readonly bytes: number;
}

/** What is asked. */
export interface Conversation {
  /** The messages. */
  readonly messages: readonly Message[];
  /** How many pictures are not among them. */
  readonly omitted: number;
}

/** What a message takes besides its text. */
const FRAME = 100;

/**
 * Writes what an answer is to. What a cut answer said is part of it; what was
 * refused is not, nor are the oldest pictures where there is no room for them.
 *
 * @param chat The chat.
 * @param answer The answer.
 * @param limits What the request may hold.
 * @returns The messages.
 */
export function toConversation(
  { system, turns }: Chat,
  answer: Turn,
  { sees, bytes }: MessageLimits,
): Conversation {
  const said = turns.filter(({ created, state }) =>
    created < answer.created && state !== "refused"
  );
  const instructions = system.trim();
  let room = bytes - measure(instructions);
  for (const { text } of said) room -= measure(text);
  let omitted = 0;
  const messages: Message[] = [];
  for (const { role, text, images } of said.toReversed()) {
    const shown = role === "assistant" ? [] : images.filter((image) => {
      const fits = sees && image.length + FRAME <= room;
      if (fits) room -= image.length + FRAME;
      else omitted++;
      return fits;
    });
    if (shown.length > 0) {
      messages.push({ role, content: toParts(text, shown) });
    } else if (text !== "") messages.push({ role, content: text });
  }
  if (instructions !== "") {
    messages.push({ role: "system", content: instructions });
  }
  return { messages: messages.reverse(), omitted };
}

/** Tells how many bytes a text takes in a request. */
function measure(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length + FRAME;
}

function toParts(
  text: string,
  images: readonly string[],
): readonly MessagePart[] {
  return [
    ...(text === "" ? [] : [{ type: "text", text } as const]),
    ...images.map((
      url,
    ) => ({ type: "image_url", image_url: { url } } as const)),
  ];
}
