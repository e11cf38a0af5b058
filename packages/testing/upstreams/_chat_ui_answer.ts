import { sleep } from "./_sleep.ts";
import { type AnswerContext, type AnswerOptions, toTokens } from "./answer.ts";
import {
  NEW_TITLE,
  type StoredConversation,
  type StoredMessage,
  toThread,
} from "./_chat_ui_conversations.ts";

/** What a chat-ui upstream lets its answers be. */
export interface ChatUiAnswerOptions extends AnswerOptions {
  /**
   * Names a conversation by its first prompt.
   *
   * @default {the first words of the prompt}
   */
  readonly title?: ((prompt: string) => string) | undefined;
  /**
   * Whether the title comes after the final answer, as it does when the model
   * that finds the title is slower than the one that answers.
   *
   * @default {false}
   */
  readonly lateTitle?: boolean | undefined;
}

/** Real servers send a `keepAlive` for each 100 ms without a token. */
const SILENCE = 100;

/** Real servers fill shorter tokens up with U+0000. */
const TOKEN_WIDTH = 16;

/** Browsers used to hold short bodies back: the server fills them up. */
const FILLER = " ".repeat(4096);

/**
 * Answers into a stored message, as lines of JSON. The message keeps what was
 * said when the signal is aborted.
 */
export async function* answerInto(
  message: StoredMessage,
  conversation: StoredConversation,
  options: ChatUiAnswerOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const thread = toThread(conversation, message);
  const context: AnswerContext = {
    model: conversation.model,
    messages: thread.filter(({ content }) => content !== "")
      .map(({ from, content }) => ({ role: from, content })),
  };

  function* entitle(isTime: boolean): Generator<string> {
    if (!isTime || conversation.title !== NEW_TITLE) return;
    conversation.title = (options.title ?? toTitle)(
      thread.at(-1)?.content ?? "",
    );
    yield update({ type: "title", title: conversation.title });
  }
  function update(event: Record<string, unknown>, stored = event): string {
    message.updates?.push(stored);
    return toLine(event);
  }

  yield update({ type: "status", status: "started" });
  yield toLine({ type: "status", status: "keepAlive" });
  yield* entitle(!options.lateTitle);
  try {
    for await (const token of withSilence(toTokens(options, context, signal))) {
      if (token === undefined) {
        yield toLine({ type: "status", status: "keepAlive" });
        continue;
      }
      message.content += token;
      message.updatedAt = new Date();
      yield toLine({ type: "stream", token: token.padEnd(TOKEN_WIDTH, "\0") });
    }
    if (message.content === "") {
      throw new Error("No output was generated. Something went wrong.");
    }
  } catch (error) {
    if (signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    yield update({ type: "status", status: "error", message: text });
    return;
  }
  const answer = {
    type: "finalAnswer",
    text: message.content,
    interrupted: false,
  };
  yield update(answer, { ...answer, webSources: null });
  yield FILLER;
  yield* entitle(true);
}

/** The tokens, and `undefined` for each stretch of silence between them. */
async function* withSilence(
  tokens: AsyncGenerator<string>,
): AsyncGenerator<string | undefined> {
  let next = tokens.next();
  try {
    while (true) {
      const result = await untilSilence(next);
      if (result?.done) return;
      yield result?.value;
      if (result !== undefined) next = tokens.next();
    }
  } finally {
    await tokens.return(undefined);
  }
}

async function untilSilence<Value>(
  promise: Promise<Value>,
): Promise<Value | undefined> {
  const timer = new AbortController();
  const silence = sleep(SILENCE, timer.signal);
  try {
    return await Promise.race([promise, silence.then(() => undefined)]);
  } finally {
    timer.abort();
  }
}

function toTitle(prompt: string): string {
  return `💬 ${prompt.match(/\S+/g)?.slice(0, 5).join(" ") ?? "Chat"}`;
}

function toLine(event: Record<string, unknown>): string {
  return `${JSON.stringify(event)}\n`;
}
