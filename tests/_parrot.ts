import type {
  ProviderDefinition,
  RunContext,
} from "../core/chat/definition.ts";
import type { DelegatingDefinition } from "../core/run/delegation.ts";
import { createProvider } from "../core/run/provider.ts";
import { TOOL_SUITE } from "../core/run/tool_suite.ts";
import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { FakeClock } from "../packages/testing/fake_clock.ts";
import { type Answer, createFetch } from "./_scope.ts";

/** The end of an answer. */
export const FINISH: ChatEvent = { type: "finish", reason: "stop" };

/** A piece of an answer. */
export const toTextEvent = (text: string): ChatEvent => ({
  type: "text",
  text,
});

/** Options for {@linkcode createParrot}. */
export interface ParrotOptions {
  readonly respond: ProviderDefinition["respond"];
  readonly answer?: Answer;
  readonly definition?: Partial<ProviderDefinition & DelegatingDefinition>;
  readonly options?: ProviderOptions;
}

/** Makes a provider that responds as a test says, without a network or time. */
export function createParrot(
  { respond, answer = () => new Response(), definition, options }:
    ParrotOptions,
): {
  readonly provider: Provider;
  readonly clock: FakeClock;
  readonly requests: Request[];
} {
  const clock = new FakeClock();
  const { fetch, requests } = createFetch(answer);
  const provider = createProvider(
    {
      id: "Parrot",
      label: "Parrot",
      url: "https://parrot.example",
      baseUrl: "https://parrot.example",
      working: true,
      defaultModel: "grey",
      models: ["grey", "green"],
      respond,
      ...definition,
    },
    { clock, fetch, random: () => 0, ...options },
    { tools: TOOL_SUITE },
  );
  return { provider, clock, requests };
}

/** Waits for a signal, as a body does that says nothing. */
export function hang({ signal }: RunContext): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason))
  );
}
