/**
 * gateway
 *
 * @module
 */

export type { ConversationKeeper } from "./conversation_keeper.ts";
export {
  type ConversationSealerOptions,
  createConversationSealer,
} from "./conversation_sealer.ts";
export {
  type ConversationStoreOptions,
  createConversationStore,
} from "./conversation_store.ts";
export type { SealingKey } from "./sealing_key.ts";
