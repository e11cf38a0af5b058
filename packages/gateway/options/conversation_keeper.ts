/**
 * Who keeps conversations between requests.
 *
 * @module
 */

import type { Conversation } from "@parley/chat";

/** Turns conversations into tokens for clients, and back. */
export interface ConversationKeeper {
  /**
   * Makes a token.
   *
   * @param conversation The conversation.
   * @param keyId Stands for the API key that may open it.
   * @returns The token: what a header can hold.
   */
  seal(conversation: Conversation, keyId: string): Promise<string>;
  /**
   * Opens a token.
   *
   * @param token The token.
   * @param keyId Stands for the API key that it comes with.
   * @throws {ProviderError} If it was made for another key, is too old, or no
   * token, with code `conversation-expired`. Whatever else is thrown says that
   * it cannot be opened now.
   */
  open(token: string, keyId: string): Promise<Conversation>;
}
