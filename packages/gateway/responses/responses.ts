/**
 * `POST /v1/responses`
 *
 * @module
 */

import type { Context, Handler } from "hono";
import { Refusal } from "../http/failures.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { toJsonResponse } from "../http/json_response.ts";
import { createItemMemory } from "./item_memory.ts";
import type { ResponseEvent } from "./response_items.ts";
import {
  type Fields,
  readResponseRequest,
  renameFields,
} from "./response_request.ts";
import type { ResponseTools } from "./response_tools.ts";
import { ResponseWriter } from "./response_writer.ts";

/** Names what is wrong with a request as its client does. */
function toOwnRefusal(error: unknown, tools?: ResponseTools): unknown {
  if (!(error instanceof Refusal)) return error;
  const { message, param, ...details } = error.details;
  return new Refusal(400, {
    ...details,
    message: renameFields(message, tools?.paths),
    param: param && renameFields(param, tools?.paths),
  });
}

/** Names what an upstream found wrong as its client does. */
async function toOwnError(
  response: Response,
  { paths }: ResponseTools,
): Promise<Response> {
  const { error } = await response.json();
  const { param } = error;
  const own = { ...error, param: param && renameFields(param, paths) };
  return Response.json({ error: own }, response);
}

/** Writes the events of a stream, each with its number. */
class EventWriter {
  readonly #writer: ResponseWriter;
  #count = 0;

  constructor(writer: ResponseWriter) {
    this.#writer = writer;
  }

  /** Writes a frame of a chat completion's stream. */
  write(frame: string): string {
    const [, event = "", data] =
      /^(?:event: (\w+)\n)?data: (.*)$/.exec(frame) ?? [];
    // Silence is broken by comments, here as there.
    if (data === undefined) return frame === "" ? "" : `${frame}\n\n`;
    if (data === "[DONE]") return this.#number(this.#writer.end());
    const value = JSON.parse(data);
    return this.#number(
      event === "error"
        ? this.#writer.fail(value.error)
        : this.#writer.add(value),
    );
  }

  #number(events: readonly ResponseEvent[]): string {
    return events.map((event) => {
      const { type, ...rest } = event;
      const json = { type, sequence_number: this.#count++, ...rest };
      return `event: ${type}\ndata: ${JSON.stringify(json)}\n\n`;
    }).join("");
  }
}

/** Sends the stream of a chat completion as that of a response. */
function translate(
  body: ReadableStream<Uint8Array>,
  writer: ResponseWriter,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const events = new EventWriter(writer);
  return new ReadableStream({
    async pull(controller) {
      let text = "";
      while (text === "") {
        const { done, value } = await reader.read();
        if (done) {
          onEnd();
          return controller.close();
        }
        // The gateway sends whole frames.
        const frames = decoder.decode(value, { stream: true }).split("\n\n");
        text = frames.map((frame) => events.write(frame)).join("");
      }
      controller.enqueue(encoder.encode(text));
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/**
 * Makes the handler of responses: each is a chat completion, in other words.
 *
 * @param chat The handler of chats.
 */
export function createResponseHandler(
  chat: Handler<GatewayEnvironment>,
): Handler<GatewayEnvironment> {
  const memory = createItemMemory();

  async function ask(
    context: Context<GatewayEnvironment>,
    body: Fields,
  ): Promise<Response> {
    context.set("body", body);
    const answer = await chat(context, () => Promise.resolve());
    // A handler that is no middleware answers.
    if (answer instanceof Response) return answer;
    throw new TypeError("Chat has no answer");
  }

  return async (context) => {
    const { body: asked, keyId } = context.var;
    let response: Response;
    let request;
    try {
      request = readResponseRequest(asked, (id) => memory.find(keyId, id));
      response = await ask(context, request.body);
    } catch (error) {
      throw toOwnRefusal(error, request?.tools);
    }
    if (!response.ok) return await toOwnError(response, request.tools);
    const writer = new ResponseWriter(asked, request);
    const { isKept } = request;
    const keep = () => {
      if (!isKept) return;
      for (const item of writer.output) memory.add(keyId, item);
    };
    if (request.isStream && response.body !== null) {
      return new Response(translate(response.body, writer, keep), response);
    }
    writer.add(await response.json());
    keep();
    const token = response.headers.get("x-conversation");
    return toJsonResponse(
      writer.toResponse(),
      token === null ? {} : { "x-conversation": token },
    );
  };
}
