/**
 * The conversations that chats go on with.
 *
 * @module
 */

import { type Clock, type Conversation, isProviderError } from "@parley/chat";
import { isInTime } from "@parley/chat/provider";
import type { ConversationKeeper } from "../options/conversation_keeper.ts";
import { Refusal } from "../http/failures.ts";

/** How many milliseconds a keeper may take: a store may not answer at all. */
const TIMEOUT = 5_000;

/** Whom a token is for. */
export interface Holder {
  /** Stands for the API key that may open it. */
  readonly keyId: string;
  /** Is aborted when the client leaves: nobody waits for the keeper then. */
  readonly signal: AbortSignal;
}

/** Conversations as the gateway sees them, whoever keeps them. */
export interface Conversations {
  /**
   * Opens a token.
   *
   * @param token The token.
   * @param holder Who has it, and the id of the provider that is asked.
   * @throws {ProviderError} If the token is not valid.
   * @throws {Refusal} If it is of another provider, or cannot be opened now.
   */
  open(
    token: string,
    holder: Holder & { readonly provider: string },
  ): Promise<Conversation>;
  /**
   * Makes a token.
   *
   * @param conversation The conversation, if there is one.
   * @param holder Who gets it.
   * @returns The token; `undefined` where there is none, or it cannot be made.
   */
  seal(
    conversation: Conversation | undefined,
    holder: Holder,
  ): Promise<string | undefined>;
}

function refuse(message: string): Refusal {
  return new Refusal(422, {
    message,
    param: "conversation",
    code: "invalid_conversation",
  });
}

/**
 * Makes what opens and seals conversations, and waits for no keeper for long.
 *
 * @param keeper Who keeps them; without one there are none.
 * @param clock Where time comes from.
 */
export function createConversations(
  keeper: ConversationKeeper | undefined,
  clock: Clock,
): Conversations {
  async function within<Result>(
    work: Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    if (await isInTime(work, TIMEOUT, clock, signal)) return await work;
    throw new Error("Keeper took too long");
  }

  return {
    async open(token, { keyId, provider, signal }) {
      if (keeper === undefined) throw refuse("Conversations are not kept here");
      let conversation: Conversation;
      try {
        conversation = await within(keeper.open(token, keyId), signal);
      } catch (error) {
        if (isProviderError(error)) throw error;
        throw new Refusal(503, {
          message: "Conversation cannot be opened now",
          code: "conversation_unavailable",
        });
      }
      if (conversation.provider === provider) return conversation;
      // Who is asked for a model may change; clients begin anew for this code.
      throw refuse("Conversation is of another provider");
    },
    async seal(conversation, { keyId, signal }) {
      if (keeper === undefined || conversation === undefined) return undefined;
      try {
        return await within(keeper.seal(conversation, keyId), signal);
      } catch {
        // An answer that is whole is not lost because its conversation is too
        // large to be kept, or who keeps it fails: it goes on without a token.
        return undefined;
      }
    },
  };
}
