import type { ProviderOptions } from "../../core/chat/provider_options.ts";
import type { ChatResult } from "../../core/chat/results.ts";
import type { ChatInput, ChatOptions } from "../../core/chat/types.ts";
import { createCohereC4aiCommand } from "../../providers/cohere_c4ai_command.ts";
import {
  type ChatUiUpstreamOptions,
  createChatUiUpstream,
  type Upstream,
} from "@parley/testing";

/** Asks the server of a test. */
type Ask = (
  input: ChatInput,
  options?: ChatOptions,
  providerOptions?: ProviderOptions,
) => Promise<ChatResult>;

/** A server that says what it remembers, as JSON. */
export function createServer(options: ChatUiUpstreamOptions = {}): {
  readonly upstream: Upstream;
  readonly ask: Ask;
} {
  const upstream = createChatUiUpstream({
    answer: (_prompt, { messages }) => [
      JSON.stringify(messages.map(({ role, content }) => [role, content])),
    ],
    ...options,
  });
  /** Runs as another process would: with what JSON keeps, and nothing else. */
  async function ask(
    input: ChatInput,
    { conversation, ...options }: ChatOptions = {},
    providerOptions: ProviderOptions = {},
  ): Promise<ChatResult> {
    const fetch = upstream.fetch;
    const provider = createCohereC4aiCommand({ fetch, ...providerOptions });
    const stored = JSON.parse(JSON.stringify({ conversation }));
    return await provider.generate(input, { ...options, ...stored });
  }
  return { upstream, ask };
}
