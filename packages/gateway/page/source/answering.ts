import type { Piece } from "./answer_pieces.ts";
import { chat as ask, draw, type Model } from "./client.ts";
import { GatewayError } from "./gateway_error.ts";
import { toConversation } from "./messages.ts";
import type { Chat, Turn } from "./turns.ts";

/** How an answer is got. */
export interface ReceiveOptions {
  /** The model that is asked. */
  readonly model: Model;
  /** The most bytes of a request that holds pictures. */
  readonly bytes: number;
  /** The API key, or "". */
  readonly key: string;
  /** Stops the answer. */
  readonly signal: AbortSignal;
  /** Is called after each change of the answer. */
  readonly onChange: () => void;
}

/**
 * Gets the answer to a chat.
 *
 * @param chat The chat.
 * @param turn The answer, which is written bit by bit.
 * @param options How it is got.
 * @throws {GatewayError} If it is not whole.
 */
export async function receive(
  chat: Chat,
  turn: Turn,
  options: ReceiveOptions,
): Promise<void> {
  const { model: { id: model, draws, sees }, bytes, key, signal, onChange } =
    options;
  const { conversation } = chat;
  const { messages, omitted } = toConversation(chat, turn, { sees, bytes });
  turn.note = toOmission(omitted, sees);
  const question = {
    model,
    messages,
    conversation: conversation?.model === model
      ? conversation.token
      : undefined,
    key,
    signal,
  };
  try {
    for await (const piece of draws ? draw(question) : ask(question)) {
      take(chat, turn, piece, model);
      onChange();
    }
  } catch (error) {
    // The server's thread knows nothing of an answer that broke off.
    chat.conversation = null;
    const isExpired = question.conversation !== undefined &&
      error instanceof GatewayError && error.code === "invalid_conversation";
    if (!isExpired) throw error;
    // The messages tell the whole conversation, too.
    await receive(chat, turn, options);
  }
}

/** Says that pictures are not sent again. */
function toOmission(count: number, sees: boolean): string {
  if (count === 0) return "";
  const pictures = count === 1 ? "One picture was" : `${count} pictures were`;
  const why = sees ? "the gateway takes no more" : "this model sees none";
  return `${pictures} left out: ${why}.`;
}

function take(chat: Chat, turn: Turn, piece: Piece, asked: string): void {
  switch (piece.type) {
    case "text":
      turn.text += piece.text;
      return;
    case "reasoning":
      turn.reasoning += piece.text;
      return;
    case "image":
      turn.images = [...turn.images, piece.url];
      return;
    case "model":
      turn.model = piece.model;
      return;
    case "restart": {
      const { reason, model } = piece;
      turn.restarts = [...turn.restarts, { reason, model, text: turn.text }];
      Object.assign(turn, { model, text: "", reasoning: "", images: [] });
      return;
    }
    case "usage":
      turn.usage = `${piece.isEstimated ? "about " : ""}${piece.tokens} tokens`;
      return;
    case "conversation":
      chat.conversation = { model: asked, token: piece.token };
      return;
    case "finish":
      if (piece.reason === "length") turn.note = "Cut off: it became too long.";
      if (piece.reason === "content_filter") turn.note = "Cut off by a filter.";
  }
}

/**
 * Tells a person what went wrong.
 *
 * @param error What was thrown.
 * @returns A sentence.
 */
export function toSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  if (!(error instanceof GatewayError)) return sentence;
  const wait = error.retryAfter === undefined
    ? ""
    : ` Try again in ${error.retryAfter} s.`;
  return sentence + wait + (error.code === "" ? "" : ` (${error.code})`);
}

/**
 * Says how an answer ended that is not whole. What had come is kept.
 *
 * @param chat The chat.
 * @param turn The answer.
 * @param error Why; nothing where the person stopped it.
 */
export function endAnswer(chat: Chat, turn: Turn, error: unknown): void {
  const rest = turn.text === "" ? "" : " What had come is kept.";
  if (error === undefined) {
    Object.assign(turn, { state: "stopped", note: `Stopped.${rest}` });
    return;
  }
  Object.assign(turn, { state: "failed", note: toSentence(error) + rest });
  const question = chat.turns.at(-2);
  const isTooLarge = error instanceof GatewayError && error.isTooLarge;
  if (!isTooLarge || question?.role !== "user") return;
  // It would make each request after it too large, too.
  question.state = "refused";
  question.note = "Too large, and not sent again. Edit it, or go on without.";
}
