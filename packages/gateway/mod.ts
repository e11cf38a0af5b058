/**
 * A gateway: a server that speaks like OpenAI's, so that every program that can
 * ask OpenAI can ask any provider.
 *
 * @example
 * ```ts
 * import { createAutonomousAi } from "@parley/chat";
 * import { createGateway } from "@parley/gateway";
 * import { createAutonomousAiUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = createAutonomousAiUpstream();
 * const gateway = createGateway({
 *   providers: [createAutonomousAi({ fetch })],
 *   allowAnonymous: true,
 * });
 *
 * // Deno.serve(gateway), or export default { fetch: gateway }
 * const response = await gateway(new Request("http://localhost/v1/models"));
 * const { data } = await response.json();
 * assertEquals(data[0].id, "AutonomousAI/llama");
 * ```
 *
 * @module
 */

export type { ConversationKeeper } from "./options/conversation_keeper.ts";
export {
  type ConversationSealerOptions,
  createConversationSealer,
} from "./conversations/conversation_sealer.ts";
export {
  type ConversationStoreOptions,
  createConversationStore,
} from "./conversations/conversation_store.ts";
export { createGateway } from "./gateway.ts";
export type { GatewayLimits } from "./options/gateway_limits.ts";
export type { GatewayOptions } from "./options/gateway_options.ts";
export type { LogEntry, LoggedFailure, Outcome } from "./options/log_entry.ts";
export type { SealingKey } from "./conversations/sealing_key.ts";
