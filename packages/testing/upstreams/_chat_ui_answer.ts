import { sleep } from "./_sleep.ts";
import { type AnswerContext, type AnswerOptions, toTokens } from "./answer.ts";
import {
  type ChatUiUpdate,
  NEW_TITLE,
  type StoredConversation,
  type StoredFile,
  type StoredMessage,
  toThread,
} from "./_chat_ui_conversations.ts";

/** What a chat-ui server sends to its model. */
export interface ChatUiAnswerContext extends AnswerContext {
  /** The files that came with the prompt. */
  readonly files: readonly StoredFile[];
  /** The tool servers that the client selected; absent where it said nothing. */
  readonly toolServers: readonly string[] | undefined;
}

/** What a chat-ui upstream lets its answers be. */
export interface ChatUiAnswerOptions
  extends AnswerOptions<ChatUiUpdate, ChatUiAnswerContext> {
  /**
   * Names a conversation by its first prompt.
   *
   * @default {the first words of the prompt}
   */
  readonly title?: ((prompt: string) => string) | undefined;
  /**
   * Whether the title comes after the final answer, as it does when the model
   * that finds the title is slower than the one that answers; a promise says
   * when.
   *
   * @default {false}
   */
  readonly lateTitle?: boolean | Promise<unknown> | undefined;
}

/** One turn: a message to answer into, in the server's own copy of the chat. */
export interface ChatUiTurn {
  readonly conversation: StoredConversation;
  readonly message: StoredMessage;
  readonly toolServers?: readonly string[] | undefined;
}

/** Real servers send a `keepAlive` for each 100 ms without a token. */
const SILENCE = 100;

/** Real servers fill shorter tokens up with U+0000. */
const TOKEN_WIDTH = 16;

/** Browsers used to hold short bodies back: the server fills them up. */
const FILLER = " ".repeat(4096);

const KEEP_ALIVE = { type: "status", status: "keepAlive" };

/** An update as a line of the body. */
export function toLine(update: ChatUiUpdate): string {
  const { type, token } = update;
  if (type === "stream") {
    const padded = String(token).padEnd(TOKEN_WIDTH, "\0");
    return `${JSON.stringify({ ...update, token: padded })}\n`;
  }
  const line = `${JSON.stringify(update)}\n`;
  return type === "finalAnswer" ? line + FILLER : line;
}

/** The answer of the last round, after the last tool; joined as servers do. */
function joinRounds(streamed: string, last: string): string {
  if (streamed.endsWith(last)) return streamed;
  return last.startsWith(streamed) ? last : `${streamed}\n\n${last}`;
}

/**
 * Answers into a message. It keeps what was said when the signal is aborted; the
 * newest server then says so, too.
 */
export async function* answerInto(
  { message, conversation, toolServers }: ChatUiTurn,
  options: ChatUiAnswerOptions & { readonly isNewest: boolean },
  signal: AbortSignal,
): AsyncGenerator<ChatUiUpdate> {
  const { isNewest, lateTitle = false } = options;
  const thread = toThread(conversation, message);
  const prompt = thread.at(-1);
  const context: ChatUiAnswerContext = {
    model: conversation.model,
    messages: thread.filter(({ content }) => content !== "")
      .map(({ from, content }) => ({ role: from, content })),
    files: prompt?.files ?? [],
    toolServers,
  };
  const updates: ChatUiUpdate[] = message.updates = [];
  /** The text since the last tool. */
  let round = "";
  let hadTools = false;
  let isWhole = true;

  function* entitle(isTime: boolean): Generator<ChatUiUpdate> {
    if (!isTime || conversation.title !== NEW_TITLE) return;
    conversation.title = (options.title ?? toTitle)(prompt?.content ?? "");
    yield keep({ type: "title", title: conversation.title });
  }
  function keep(update: ChatUiUpdate, stored = update): ChatUiUpdate {
    updates.push(stored);
    message.updatedAt = new Date();
    return update;
  }
  /** Takes what the model says. */
  function* add(token: string | ChatUiUpdate): Generator<ChatUiUpdate> {
    if (typeof token === "string") {
      message.content += token;
      round += token;
      if (isNewest) {
        updates.push({ type: "stream", token: "", len: token.length });
      }
      yield { type: "stream", token };
      return;
    }
    if (token.status === "finished") {
      isWhole = false;
      return;
    }
    if (token.type === "reasoning" && typeof token.token === "string") {
      message.reasoning = (message.reasoning ?? "") + token.token;
    } else {
      updates.push(token);
    }
    if (token.type === "tool") {
      hadTools = true;
      round = "";
    }
    yield token;
  }
  function toFailure(error: unknown): ChatUiUpdate {
    const { statusCode } = Object(error);
    return {
      type: "status",
      status: "error",
      message: error instanceof Error ? error.message : String(error),
      ...(isNewest && statusCode !== undefined && { statusCode }),
    };
  }

  yield keep({ type: "status", status: "started" });
  yield KEEP_ALIVE;
  yield* entitle(lateTitle === false);
  try {
    for await (const token of withSilence(toTokens(options, context, signal))) {
      if (token === undefined) yield KEEP_ALIVE;
      else yield* add(token);
    }
    if (message.content === "") {
      throw new Error("No output was generated. Something went wrong.");
    }
  } catch (error) {
    if (!signal.aborted) {
      yield keep(toFailure(error));
      return;
    }
    if (!isNewest) return;
    message.interrupted = true;
    round = message.content;
  }
  if (isWhole) {
    const interrupted = message.interrupted ??= false;
    const answer = { type: "finalAnswer", text: round, interrupted };
    if (hadTools) message.content = joinRounds(message.content, round);
    yield keep(answer, isNewest ? answer : { ...answer, webSources: null });
  }
  if (lateTitle instanceof Promise) await lateTitle;
  yield* entitle(true);
  if (isNewest) yield keep({ type: "status", status: "finished" });
}

/** The tokens, and `undefined` for each stretch of silence between them. */
async function* withSilence<Token>(
  tokens: AsyncGenerator<Token>,
): AsyncGenerator<Token | undefined> {
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
