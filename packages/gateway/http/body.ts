/**
 * Reads the JSON that a request brings.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import { type BodyReader, createBodyReader } from "@parley/chat/provider";
import type { MiddlewareHandler } from "hono";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { createIncomingReader, type IncomingBody } from "./incoming_body.ts";
import { isObject, type JsonObject, parseObject } from "./json_object.ts";
import { createTurnQueue } from "./turn_queue.ts";

/** Options for {@linkcode readBody}. */
export interface BodyOptions {
  /** The most bytes. */
  readonly bodyBytes: number;
  /** The most bytes where messages hold pictures. */
  readonly imageBodyBytes: number;
  /** The most milliseconds until all of it is here. */
  readonly bodyTimeout: number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** What a body is read with. */
interface ReadOptions extends BodyOptions {
  /** Ends one of many that come due at one moment. */
  readonly takeTurn: (work: () => void) => void;
}

/** The error for a client that goes on sending. */
const CLOSE = { connection: "close" };

function refuseType(): Response {
  return toErrorResponse(415, {
    message:
      "Body is not JSON: send `content-type: application/json`, uncompressed",
    code: "unsupported_media_type",
  }, CLOSE);
}

function refuseSize(bytes: number): Response {
  return toErrorResponse(413, {
    message: `Body is larger than ${bytes} bytes`,
    code: "request_too_large",
  }, CLOSE);
}

function refuseSlowness(ms: number): Response {
  return toErrorResponse(408, {
    message: `Body took more than ${ms} ms`,
    code: "request_timeout",
  }, CLOSE);
}

function refuseCrumbs(): Response {
  return toErrorResponse(400, {
    message: `Body comes in pieces of less than ${MIN_PIECE} bytes`,
    code: "invalid_request",
  }, CLOSE);
}

function refuseJson(): Response {
  return toErrorResponse(400, {
    message: "Body is no JSON object, or has a key `__proto__`, more than " +
      "1,000 levels or more than 1,000 numbers in quotes",
    code: "invalid_json",
  });
}

function isJson(headers: Headers): boolean {
  const type = headers.get("content-type")?.split(";")[0]?.trim() ?? "";
  const encoding = headers.get("content-encoding") ?? "identity";
  return /^application\/(?:[\w.+-]+\+)?json$/i.test(type) &&
    encoding.toLowerCase() === "identity";
}

/** How many pieces a body may come in, however small they are. */
const MAX_CRUMBS = 4_096;

/** The fewest bytes that more pieces than those must have on average. */
const MIN_PIECE = 16;

/**
 * Reads a body, and lets go of it where it is too large, too slow, or cut so
 * small that each byte costs a hundred times what it says. Hono's body limit
 * believes a length that was declared, and its timeout lets the reading go on.
 */
async function readBytes(
  reader: Pick<BodyReader, "readAll" | "cancel">,
  limit: number,
  { bodyTimeout, clock, takeTurn }: ReadOptions,
): Promise<Uint8Array | Response> {
  let refusal: Response | undefined;
  function refuse(response: Response): Response {
    reader.cancel();
    return refusal ??= response;
  }
  const timer = clock.setTimeout(
    () => takeTurn(() => void refuse(refuseSlowness(bodyTimeout))),
    bodyTimeout,
  );
  let pieces = 0;
  try {
    const bytes = await reader.readAll(limit, {
      toLimitError: () => refuse(refuseSize(limit)),
      onPiece(size) {
        if (++pieces > MAX_CRUMBS && size < MIN_PIECE * pieces) {
          refuse(refuseCrumbs());
        }
      },
    });
    return refusal ?? bytes;
  } catch {
    // The client left, and nobody reads this.
    return refusal ?? refuseJson();
  } finally {
    clock.clearTimeout(timer);
  }
}

/** Whether a message of a chat holds a picture. */
function hasPictures({ messages }: JsonObject): boolean {
  return Array.isArray(messages) &&
    messages.some((message) =>
      isObject(message) && Array.isArray(message.content) &&
      message.content.some((part) =>
        isObject(part) && part.type === "image_url"
      )
    );
}

/**
 * Reads the JSON object that a request brings, within limits of size and time.
 *
 * Bytes are counted as they come, whatever length was declared; a declared
 * length over the limit is refused before anything is read. No answer repeats
 * what was sent.
 *
 * @param options The limits.
 * @returns The middleware.
 */
export function readBody(
  options: BodyOptions,
): MiddlewareHandler<GatewayEnvironment> {
  const { bodyBytes } = options;
  const limit = Math.max(bodyBytes, options.imageBodyBytes);
  const readOptions: ReadOptions = {
    ...options,
    takeTurn: createTurnQueue(options.clock),
  };

  function toReader(request: Request, incoming: IncomingBody | undefined) {
    // Some hosts read it themselves, and keep it in the request.
    if (incoming?.readableDidRead === false) {
      return createIncomingReader(incoming);
    }
    const { body } = request;
    return body === null ? undefined : createBodyReader(body, options);
  }

  async function read(
    request: Request,
    incoming: IncomingBody | undefined,
  ): Promise<JsonObject | Response> {
    const { headers } = request;
    if (!isJson(headers)) return refuseType();
    const length = headers.get("content-length");
    if (Number(length) > limit) return refuseSize(limit);
    const reader = toReader(request, incoming);
    if (reader === undefined) return refuseJson();
    const bytes = await readBytes(reader, limit, readOptions);
    if (bytes instanceof Response) return bytes;
    const json = parseObject(bytes);
    if (json === undefined) return refuseJson();
    return bytes.length > bodyBytes && !hasPictures(json)
      ? refuseSize(bodyBytes)
      : json;
  }

  return async (context, next) => {
    // Of the servers, that of Node.js hands it over.
    const body = await read(context.req.raw, context.env?.incoming);
    if (body instanceof Response) return body;
    context.set("body", body);
    await next();
  };
}
