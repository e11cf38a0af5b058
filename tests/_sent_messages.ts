import type {
  RecordedRequest,
  SentMessage,
  SentQuestion,
} from "@parley/testing";

/** A request body in the form of OpenAI's. */
interface OpenAiBody {
  readonly model?: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content:
      | string
      | readonly {
        readonly text?: string;
        readonly image_url?: { readonly url: string };
      }[];
  }[];
  readonly [field: string]: unknown;
}

/** Reads messages in the form of OpenAI's. */
export function readOpenAiMessages(
  messages: OpenAiBody["messages"],
): readonly SentMessage[] {
  return messages.map(({ role, content }) => {
    if (typeof content === "string") return { role, text: content };
    return {
      role,
      text: content.map(({ text = "" }) => text).join(""),
      images: content.flatMap(({ image_url }) => image_url?.url ?? []),
    };
  });
}

/** Reads what a request in the form of OpenAI's asks. */
export function readOpenAiQuestion({ body }: RecordedRequest): SentQuestion {
  const { model, messages, ...fields }: OpenAiBody = JSON.parse(body);
  return {
    model,
    messages: readOpenAiMessages(messages),
    settings: {
      temperature: fields.temperature,
      topP: fields.top_p,
      maxTokens: fields.max_tokens ?? fields.max_completion_tokens,
      frequencyPenalty: fields.frequency_penalty,
      presencePenalty: fields.presence_penalty,
      stop: fields.stop,
      seed: fields.seed,
      reasoningEffort: fields.reasoning_effort,
    },
  };
}
