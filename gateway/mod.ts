/**
 * A gateway: a server that speaks like OpenAI's, so that every program that can
 * ask OpenAI can ask any provider.
 *
 * @example
 * ```ts
 * import { createAutonomousAi } from "@parley/chat";
 * import { createGateway } from "@parley/chat/gateway";
 * import { createAutonomousAiUpstream } from "@parley/chat/testing";
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

export type { ConversationKeeper } from "./conversation_keeper.ts";
export {
  type ConversationSealerOptions,
  createConversationSealer,
} from "./conversation_sealer.ts";
export {
  type ConversationStoreOptions,
  createConversationStore,
} from "./conversation_store.ts";
export { createGateway } from "./gateway.ts";
export type { GatewayLimits, GatewayOptions } from "./gateway_options.ts";
export type { Outcome } from "./lifetime.ts";
export type { LogEntry } from "./log.ts";
export type { SealingKey } from "./sealing_key.ts";
