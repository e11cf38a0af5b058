import type { Conversation } from "@parley/chat";

/** A conversation as an upstream keeps it. */
export const CONVERSATION: Conversation = {
  version: 1,
  provider: "CohereForAI_C4AI_Command",
  origin: "https://chat.example",
  id: "65f0a1b2c3d4e5f601234567",
  model: "command-a-03-2025",
  systemPrompt: "Be brief",
  cookies: { "hf-chat": "3f0e-secret" },
};

/** One whose JSON has about so many bytes that do not compress. */
export function createLargeConversation(bytes: number): Conversation {
  const noise = new Uint8Array(bytes / 2);
  for (let index = 0; index < noise.length; index += 65_536) {
    crypto.getRandomValues(noise.subarray(index, index + 65_536));
  }
  return { ...CONVERSATION, state: { messages: noise.toHex() } };
}
