import {
  type Chunk,
  type Piece,
  toDataUrl,
  toPieces,
} from "./answer_pieces.ts";
import { readEvents } from "./events.ts";
import {
  type ErrorBody,
  GatewayError,
  toGatewayError,
} from "./gateway_error.ts";
import type { Message } from "./messages.ts";

/** Where the gateway is: it may be below a path. */
const GATEWAY = new URL("../", import.meta.url);

/** A model of the gateway. */
export interface Model {
  /** Its name. */
  readonly id: string;
  /** Whether it answers with pictures. */
  readonly draws: boolean;
  /** Whether it can be shown pictures. */
  readonly sees: boolean;
}

/** What is asked for. */
export interface Question {
  /** The model. */
  readonly model: string;
  /** The conversation so far. */
  readonly messages: readonly Message[];
  /** The sealed conversation of the last answer. */
  readonly conversation?: string | undefined;
  /** The API key, or "". */
  readonly key: string;
  /** Stops the answer. */
  readonly signal: AbortSignal;
}

/** The models, as the gateway lists them. */
interface ModelList {
  readonly data: readonly {
    readonly id: string;
    readonly input_modalities?: readonly string[];
    readonly output_modalities?: readonly string[];
  }[];
}

/** What the gateway takes. */
export interface GatewayLimits {
  /** The most bytes of a request whose messages hold pictures. */
  readonly imageBodyBytes: number;
}

/**
 * Gets what the gateway takes.
 *
 * @returns How much that is.
 */
export async function getLimits(): Promise<GatewayLimits> {
  return await (await ask("page/limits.json", {})).json();
}

/**
 * Lists the models of the gateway.
 *
 * @param key The API key, or "".
 * @returns The models.
 */
export async function listModels(key: string): Promise<readonly Model[]> {
  const response = await ask("v1/models", { headers: toHeaders(key) });
  const { data }: ModelList = await response.json();
  return data.map((model) => ({
    id: model.id,
    draws: model.output_modalities?.includes("image") ?? false,
    sees: model.input_modalities?.includes("image") ?? false,
  }));
}

/**
 * Asks a model, and tells the answer while it comes.
 *
 * @param question What is asked for.
 * @returns The answer.
 * @throws {GatewayError} If there is none, or not all of it.
 */
export async function* chat(
  { model, messages, conversation, key, signal }: Question,
): AsyncGenerator<Piece, void, undefined> {
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
      const chunk: Chunk & ErrorBody = JSON.parse(data);
      if (name === "error" || chunk.error) throw toGatewayError(chunk);
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

/** The pictures, as the gateway sends them. */
interface ImageList {
  readonly data?: readonly {
    readonly b64_json?: string;
    readonly url?: string;
  }[];
  readonly model?: string;
}

/**
 * Asks a model for pictures.
 *
 * @param question What is asked for.
 * @returns The pictures.
 * @throws {GatewayError} If there are none.
 */
export async function* draw(
  { model, messages, key, signal }: Question,
): AsyncGenerator<Piece, void, undefined> {
  const prompt = messages.at(-1)?.content ?? "";
  const response = await ask("v1/images/generations", {
    method: "POST",
    headers: toHeaders(key),
    // As bytes: the gateway gets the picture, this page asks nobody else.
    body: JSON.stringify({
      model,
      prompt: typeof prompt === "string"
        ? prompt
        : prompt.find((part) => part.type === "text")?.text,
      response_format: "b64_json",
    }),
    signal,
  });
  const { data = [], model: answering = model }: ImageList = await response
    .json();
  yield { type: "model", model: answering };
  for (const { b64_json: base64, url } of data) {
    const address = base64 === undefined ? url : toDataUrl(base64);
    if (address !== undefined) yield { type: "image", url: address };
  }
  yield { type: "finish", reason: "stop" };
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(new URL(path, GATEWAY), init).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new GatewayError("The gateway cannot be reached", {
      code: "network",
    });
  });
  if (response.ok) return response;
  const retryAfter = Number(response.headers.get("retry-after")) || undefined;
  throw toGatewayError(await response.json().catch(() => ({})), {
    status: response.status,
    retryAfter,
  });
}

function toHeaders(key: string): Record<string, string> {
  return {
    "content-type": "application/json",
    ...(key !== "" && { authorization: `Bearer ${key}` }),
  };
}
