import { readEvents } from "./events.js";

/** Where the gateway is: it may be below a path. */
const GATEWAY = new URL("../", import.meta.url);

/**
 * A message in the form of the gateway.
 *
 * @typedef {{ readonly role: string, readonly content: string }} Message
 */

/**
 * What is asked for.
 *
 * @typedef {object} Question
 * @property {string} model The model.
 * @property {readonly Message[]} messages The conversation so far.
 * @property {string} [conversation] The sealed conversation of the last answer.
 * @property {string} key The API key, or "".
 * @property {AbortSignal} signal Stops the answer.
 */

/**
 * What an answer is made of.
 *
 * @typedef {{ type: "text", text: string }
 *   | { type: "reasoning", text: string }
 *   | { type: "image", url: string }
 *   | { type: "model", model: string }
 *   | { type: "restart", reason: string, model: string }
 *   | { type: "usage", tokens: number, isEstimated: boolean }
 *   | { type: "conversation", token: string }
 *   | { type: "finish", reason: string }} Piece
 */

/** A refusal of the gateway, or a way to it that is broken. */
export class GatewayError extends Error {
  /**
   * @param {string} message A sentence for people.
   * @param {{ code?: string, status?: number, retryAfter?: number }} [details] What the gateway tells.
   */
  constructor(message, { code = "", status = 0, retryAfter } = {}) {
    super(message);
    this.name = "GatewayError";
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/**
 * Lists the models of the gateway.
 *
 * @param {string} key The API key, or "".
 * @returns {Promise<readonly { id: string, draws: boolean }[]>} The models.
 */
export async function listModels(key) {
  const response = await ask("v1/models", { headers: toHeaders(key) });
  const { data } = await response.json();
  return data.map((/** @type {any} */ model) => ({
    id: model.id,
    draws: model.output_modalities?.includes("image") ?? false,
  }));
}

/**
 * Asks a model, and tells the answer while it comes.
 *
 * @param {Question} question What is asked for.
 * @returns {AsyncGenerator<Piece, void, undefined>} The answer.
 * @throws {GatewayError} If there is none, or not all of it.
 */
export async function* chat({ model, messages, conversation, key, signal }) {
  const response = await ask("v1/chat/completions", {
    method: "POST",
    headers: toHeaders(key),
    body: JSON.stringify({
      model,
      messages,
      // It may be too long for a header.
      conversation,
      stream: true,
      stream_options: { include_usage: true, include_restarts: true },
    }),
    signal,
  });
  if (response.body === null) throw new GatewayError("The answer is empty");
  let isWhole = false;
  try {
    for await (const { name, data } of readEvents(response.body)) {
      if (isWhole) continue;
      isWhole = name === "message" && data === "[DONE]";
      if (isWhole) continue;
      const chunk = JSON.parse(data);
      if (name === "error" || chunk.error) throw toError(chunk);
      yield* toPieces(chunk);
    }
  } catch (error) {
    if (error instanceof GatewayError || signal.aborted) throw error;
    if (isWhole) return;
    throw new GatewayError("The connection broke off", { code: "network" });
  }
  if (isWhole) return;
  throw new GatewayError("The answer broke off", { code: "incomplete" });
}

/**
 * Asks a model for pictures.
 *
 * @param {Question} question What is asked for.
 * @returns {AsyncGenerator<Piece, void, undefined>} The pictures.
 * @throws {GatewayError} If there are none.
 */
export async function* draw({ model, messages, key, signal }) {
  const response = await ask("v1/images/generations", {
    method: "POST",
    headers: toHeaders(key),
    // As bytes: the gateway gets the picture, this page asks nobody else.
    body: JSON.stringify({
      model,
      prompt: messages.at(-1)?.content,
      response_format: "b64_json",
    }),
    signal,
  });
  const { data = [], model: answering = model } = await response.json();
  yield { type: "model", model: answering };
  for (const { b64_json: base64, url } of data) {
    const address = base64 === undefined ? url : toDataUrl(base64);
    if (address !== undefined) yield { type: "image", url: address };
  }
  yield { type: "finish", reason: "stop" };
}

/**
 * @param {string} path The path below that of the gateway.
 * @param {RequestInit} init The request.
 * @returns {Promise<Response>} A response that is no refusal.
 */
async function ask(path, init) {
  const response = await fetch(new URL(path, GATEWAY), init).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new GatewayError("The gateway cannot be reached", {
      code: "network",
    });
  });
  if (response.ok) return response;
  const retryAfter = Number(response.headers.get("retry-after")) || undefined;
  throw toError(await response.json().catch(() => ({})), {
    status: response.status,
    retryAfter,
  });
}

/**
 * @param {{ error?: { message?: unknown, code?: unknown, type?: unknown } }} body What the gateway tells.
 * @param {{ status?: number, retryAfter?: number }} [details] What its headers tell.
 * @returns {GatewayError} The error.
 */
function toError({ error = {} }, { status, retryAfter } = {}) {
  const message = typeof error.message === "string" && error.message !== ""
    ? error.message
    : `The gateway answered with status ${status ?? 200}`;
  const code = String(error.code ?? error.type ?? "");
  return new GatewayError(message, { code, status, retryAfter });
}

/**
 * @param {string} key The API key, or "".
 * @returns {Record<string, string>} The headers of a request.
 */
function toHeaders(key) {
  return {
    "content-type": "application/json",
    ...(key !== "" && { authorization: `Bearer ${key}` }),
  };
}

/**
 * @param {any} chunk A chunk of an answer.
 * @returns {Generator<Piece, void, undefined>} What it tells.
 */
function* toPieces({ model, choices = [], usage, restart, conversation }) {
  if (restart) {
    const { reason, provider, model } = restart;
    yield { type: "restart", reason, model: `${provider}/${model}` };
  } else if (model) {
    yield { type: "model", model };
  }
  const [{ delta = {}, finish_reason: reason = null } = {}] = choices;
  const { content, reasoning_content: reasoning, images = [] } = delta;
  if (reasoning) yield { type: "reasoning", text: reasoning };
  if (content) yield { type: "text", text: content };
  for (const { image_url: { url } } of images) yield { type: "image", url };
  if (reason !== null) yield { type: "finish", reason };
  if (usage) {
    const { total_tokens: tokens, estimated: isEstimated = false } = usage;
    yield { type: "usage", tokens, isEstimated };
  }
  if (conversation) yield { type: "conversation", token: conversation };
}

/**
 * @param {string} base64 The bytes of a picture.
 * @returns {string} A URL that shows it.
 */
function toDataUrl(base64) {
  const mediaType = base64.startsWith("/9j/")
    ? "image/jpeg"
    : base64.startsWith("UklGR")
    ? "image/webp"
    : base64.startsWith("R0lGOD")
    ? "image/gif"
    : "image/png";
  return `data:${mediaType};base64,${base64}`;
}
