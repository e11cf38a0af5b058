/** @import { Piece, Question } from "./client.js" */
/** @import { Session, Turn } from "./store.js" */
import { chat, draw, GatewayError } from "./client.js";

/**
 * How an answer is got.
 *
 * @typedef {object} Receiving
 * @property {string} key The API key, or "".
 * @property {boolean} draws Whether the model answers with pictures.
 * @property {AbortSignal} signal Stops the answer.
 * @property {() => void} onChange Called after each change of the answer.
 */

/**
 * Gets the answer to a conversation.
 *
 * @param {Session} session The conversation; the answer is its last turn.
 * @param {Turn} turn The answer, which is written bit by bit.
 * @param {Receiving} how How it is got.
 * @throws {GatewayError} If it is not whole.
 */
export async function receive(session, turn, how) {
  const { key, draws, signal, onChange } = how;
  const { model, conversation } = session;
  /** @type {Question} */
  const question = { model, messages: toMessages(session, turn), key, signal };
  if (conversation?.model === model) question.conversation = conversation.token;
  try {
    for await (const piece of draws ? draw(question) : chat(question)) {
      take(session, turn, piece);
      onChange();
    }
  } catch (error) {
    const isExpired = question.conversation !== undefined &&
      error instanceof GatewayError && error.code === "invalid_conversation";
    if (!isExpired) throw error;
    // The messages tell the whole conversation, too.
    session.conversation = null;
    await receive(session, turn, how);
  }
}

/**
 * @param {Session} session The conversation.
 * @param {Turn} turn The answer.
 * @returns {Question["messages"]} What the answer is to.
 */
function toMessages({ turns }, turn) {
  return turns
    .filter((each) => each !== turn && each.text !== "")
    .filter(({ state }) => state !== "failed")
    .map(({ role, text: content }) => ({ role, content }));
}

/**
 * @param {Session} session The conversation.
 * @param {Turn} turn The answer.
 * @param {Piece} piece What comes next of it.
 */
function take(session, turn, piece) {
  switch (piece.type) {
    case "text":
      turn.text += piece.text;
      return;
    case "reasoning":
      turn.reasoning += piece.text;
      return;
    case "image":
      turn.images.push(piece.url);
      return;
    case "model":
      turn.model = piece.model;
      return;
    case "restart": {
      const { reason, model } = piece;
      turn.restarts.push({ reason, model, text: turn.text });
      Object.assign(turn, { model, text: "", reasoning: "", images: [] });
      return;
    }
    case "usage":
      turn.usage = `${piece.isEstimated ? "about " : ""}${piece.tokens} tokens`;
      return;
    case "conversation":
      session.conversation = { model: session.model, token: piece.token };
      return;
    case "finish":
      if (piece.reason === "length") turn.note = "Cut off: it became too long.";
      if (piece.reason === "content_filter") turn.note = "Cut off by a filter.";
  }
}

/**
 * Tells a person what went wrong.
 *
 * @param {unknown} error What was thrown.
 * @returns {string} A sentence.
 */
export function toSentence(error) {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  if (!(error instanceof GatewayError)) return sentence;
  const wait = error.retryAfter === undefined
    ? ""
    : ` Try again in ${error.retryAfter} s.`;
  return sentence + wait + (error.code === "" ? "" : ` (${error.code})`);
}
