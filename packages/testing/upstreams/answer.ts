import { abortable } from "@parley/chat/provider";
import { sleep } from "./_sleep.ts";

/**
 * What a model says: a text, which is streamed word by word, or its tokens. An
 * iterable that throws is a generation that fails in its middle; an
 * asynchronous one decides when each token comes.
 */
export type Answer<Token = string> =
  | string
  | Iterable<Token | string>
  | AsyncIterable<Token | string>;

/** A message that a model reads. */
export interface AnswerMessage {
  /** `"system"`, `"user"` or `"assistant"`. */
  readonly role: string;
  /** The text of the message. */
  readonly content: string;
}

/** What a model knows beside the prompt. */
export interface AnswerContext {
  /** The id of the model. */
  readonly model: string;
  /** All messages, the prompt as the last one. */
  readonly messages: readonly AnswerMessage[];
}

/** What every upstream of this module lets its model be. */
export interface AnswerOptions<
  Token = string,
  Context extends AnswerContext = AnswerContext,
> {
  /**
   * Answers a prompt, the text of the last message.
   *
   * @default {echo}
   */
  readonly answer?:
    | ((prompt: string, context: Context) => Answer<Token>)
    | undefined;
  /**
   * Milliseconds before each token.
   *
   * @default {0}
   */
  readonly delay?: number | undefined;
  /**
   * Why an answer that was not cut ends.
   *
   * @default {"stop"}
   */
  readonly finishReason?: "stop" | "length" | undefined;
}

/**
 * The answer of an upstream to which no other was given: names the prompt, with
 * an umlaut and an emoji in it.
 *
 * @example Usage
 * ```ts
 * import { echo } from "@parley/testing";
 * import { assert } from "@std/assert";
 *
 * assert(echo("Name three rivers").startsWith("You said: Name three rivers\n"));
 * ```
 *
 * @param prompt The prompt.
 * @returns Some sentences.
 */
export function echo(prompt: string): string {
  return `You said: ${prompt}\n\n` +
    "I am a small model, and I know nothing more about it. " +
    "But I say it word by word, as the big ones do. " +
    "Schöne Grüße aus Zürich! 👋🏽";
}

/**
 * The answer that the options give, as tokens at their pace; throws when the
 * signal is aborted.
 */
export async function* toTokens<
  Token = string,
  Context extends AnswerContext = AnswerContext,
>(
  { answer = echo, delay = 0 }: AnswerOptions<Token, Context>,
  context: Context,
  signal: AbortSignal,
): AsyncGenerator<Token | string> {
  const given = answer(context.messages.at(-1)?.content ?? "", context);
  const tokens = iterate(typeof given === "string" ? toWords(given) : given);
  try {
    while (true) {
      if (delay > 0) await sleep(delay, signal);
      const { done, value } = await abortable(tokens.next(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: after an abort it would wait for a token that nobody reads.
    tokens.return(undefined).catch(() => {});
  }
}

/** Cuts a text into words, each with the white space in front of it. */
export function toWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

async function* iterate<Token>(
  tokens: Iterable<Token> | AsyncIterable<Token>,
): AsyncGenerator<Token> {
  yield* tokens;
}
