/**
 * `POST /v1/responses`
 *
 * @module
 */

import type { Handler } from "hono";
import { type AnswerChat, toStreamResponse } from "../chat/chat.ts";
import type { CompletionSource } from "../chat/completion_stream.ts";
import type { BodySource } from "../http/body_source.ts";
import { Refusal } from "../http/failures.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { toJsonResponse } from "../http/json_response.ts";
import { createItemMemory } from "./item_memory.ts";
import type { ResponseEvent } from "./response_items.ts";
import { readResponseRequest, renameFields } from "./response_request.ts";
import type { ResponseTools } from "./response_tools.ts";
import { ResponseWriter } from "./response_writer.ts";

/** Names what is wrong with a request as its client does. */
function toOwnRefusal(error: unknown, tools?: ResponseTools): unknown {
  if (!(error instanceof Refusal)) return error;
  const { message, param, ...details } = error.details;
  return new Refusal(error.status, {
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

/** Writes what a chat completion is read from as a response. */
function translate(
  source: CompletionSource,
  writer: ResponseWriter,
  onEnd: () => void,
): BodySource {
  const events = new EventWriter(writer);
  const body: BodySource & { isOver: boolean } = {
    isOver: false,
    keepAlive: source.keepAlive,
    async next() {
      for (;;) {
        const frames = await source.next() ?? "";
        const text = frames.split("\n\n")
          .map((frame) => events.write(frame)).join("");
        body.isOver = source.isOver;
        if (body.isOver) onEnd();
        if (text !== "") return text;
        if (body.isOver) return undefined;
      }
    },
    close: (reason) => source.close(reason),
  };
  return body;
}

/**
 * Makes the handler of responses: each is a chat completion, in other words.
 *
 * @param answerChat Answers chats.
 */
export function createResponseHandler(
  answerChat: AnswerChat,
): Handler<GatewayEnvironment> {
  const memory = createItemMemory();

  return async (context) => {
    const { body: asked, keyId, lifetime } = context.var;
    let answer: Response | CompletionSource;
    let request;
    try {
      request = readResponseRequest(asked, (id) => memory.find(keyId, id));
      context.set("body", request.body);
      answer = await answerChat(context);
    } catch (error) {
      throw toOwnRefusal(error, request?.tools);
    }
    const writer = new ResponseWriter(asked, request);
    const { isKept } = request;
    const keep = () => {
      if (!isKept) return;
      for (const item of writer.output) memory.add(keyId, item);
    };
    if (!(answer instanceof Response)) {
      return toStreamResponse(translate(answer, writer, keep), lifetime);
    }
    if (!answer.ok) return await toOwnError(answer, request.tools);
    writer.add(await answer.json());
    keep();
    const token = answer.headers.get("x-conversation");
    return toJsonResponse(
      writer.toResponse(),
      token === null ? {} : { "x-conversation": token },
    );
  };
}
