import type {
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import {
  type ChatEvent,
  type FinishEvent,
  type Provider,
  ProviderError,
} from "@parley/chat";
import type { ProviderDefinition, RunContext } from "@parley/chat/provider";
import { toLanguageModel } from "../mod.ts";
import { createParrot, FINISH, toTextEvent } from "../../../tests/_parrot.ts";

/** An answer: its events, and the error that it breaks off with. */
export type Answer = readonly (ChatEvent | readonly ChatEvent[] | Error)[];

/** Makes a provider that gives these answers, one after another. */
export function createAnswers(
  answers: readonly Answer[],
  definition: Partial<ProviderDefinition> = {},
): { readonly provider: Provider; readonly runs: readonly RunContext[] } {
  const runs: RunContext[] = [];
  const { provider } = createParrot({
    async *respond(run) {
      const answer = answers[runs.length] ?? [];
      runs.push(run);
      for (const event of answer) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
    definition: {
      toolSupport: "native",
      outputSupport: "schema",
      acceptsImages: true,
      settings: ["stream", "temperature", "seed", "stop", "reasoningEffort"],
      bodyFields: ["messages"],
      ...definition,
    },
    options: { maxRetries: 0 },
  });
  return { provider, runs };
}

/** A piece of a call. */
export function toDelta(
  text: string,
  { id = "call-1", name = "weather", index = 0, ...rest }: {
    readonly id?: string;
    readonly name?: string;
    readonly index?: number;
    readonly opaque?: Readonly<Record<string, unknown>>;
  } = {},
): ChatEvent {
  return { type: "tool-call-delta", index, id, name, text, ...rest };
}

/** The tokens of an answer. */
export const USAGE: ChatEvent = {
  type: "usage",
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedTokens: 1 },
};

/** The end of an answer, with more to it. */
export function stop(fields: Partial<FinishEvent>): ChatEvent {
  return { type: "finish", reason: "stop", ...fields };
}

/** What is asked, where a test does not care. */
export const PROMPT: LanguageModelV4CallOptions["prompt"] = [
  { role: "user", content: [{ type: "text", text: "Hello" }] },
];
/** A tool. */
export const TOOLS: LanguageModelV4CallOptions["tools"] = [
  { type: "function", name: "weather", inputSchema: { type: "object" } },
];
/** An object to answer with. */
export const FORMAT: LanguageModelV4CallOptions["responseFormat"] = {
  type: "json",
  schema: { type: "object", properties: {} },
  name: "city",
};
/** Why an answer breaks off. */
export const CUT = new ProviderError("Cut", { code: "incomplete" });
/** A page that an answer is based on. */
export const SOURCE: ChatEvent = {
  type: "source",
  source: { url: "https://ulm.example/", title: "Ulm" },
};

/** Reads an answer of a provider, part by part. */
export async function readParts(
  provider: Provider,
  options: Partial<LanguageModelV4CallOptions> = {},
): Promise<readonly LanguageModelV4StreamPart[]> {
  const model = toLanguageModel(provider);
  const { stream } = await model.doStream({ prompt: PROMPT, ...options });
  return await Array.fromAsync(stream);
}

/** Sends a call, and gives what the provider is asked. */
export async function send(
  call: Partial<LanguageModelV4CallOptions>,
): Promise<{ readonly run: RunContext; readonly warnings: unknown }> {
  const answer = [toTextEvent("Hi"), FINISH];
  const { provider, runs } = createAnswers([answer]);
  const model = toLanguageModel(provider, "green");
  const { warnings } = await model.doGenerate({
    prompt: PROMPT,
    ...call,
  });
  const [run] = runs;
  if (run === undefined) throw new TypeError("Nothing was asked");
  return { run, warnings };
}
