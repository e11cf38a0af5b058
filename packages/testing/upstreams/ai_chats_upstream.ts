import * as z from "zod/mini";
import type { AnswerOptions } from "./answer.ts";
import { toAnswerBody } from "./answer_body.ts";
import { createPictures, type PictureOptions } from "./pictures.ts";
import { readJson } from "./_request_body.ts";
import {
  createUpstream,
  type Upstream,
  type UpstreamOptions,
} from "./upstream.ts";

/** Options of {@linkcode createAiChatsUpstream}. */
export interface AiChatsUpstreamOptions
  extends AnswerOptions, PictureOptions, UpstreamOptions {
  /**
   * Whether `data: [DONE]` ends an answer; otherwise only the end of the body
   * does.
   *
   * @default {false}
   */
  readonly done?: boolean | undefined;
}

const Body = z.object({
  type: z.enum(["chat", "image"]),
  messagesHistory: z.array(
    z.object({ from: z.literal("you"), content: z.string() }),
  )
    .check(z.minLength(1)),
});

/**
 * Makes an upstream that speaks the protocol of AI-Chats.org: raw text as
 * Server-Sent Events, and pictures, which it serves at `/img/1.png` and so on.
 *
 * It refuses a request without `Origin` (403) and a body other than the site's
 * own page sends (400).
 *
 * @example Usage
 * ```ts
 * import { createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const upstream = createAiChatsUpstream({ answer: () => "Good day" });
 * const response = await upstream.fetch("https://ai-chats.org/chat/send2/", {
 *   method: "POST",
 *   headers: { "content-type": "application/json", origin: "https://ai-chats.org" },
 *   body: JSON.stringify({ type: "chat", messagesHistory: [{ from: "you", content: "Hello" }] }),
 * });
 *
 * assertEquals(await response.text(), "data: Good\n\ndata:  day\n\n");
 * ```
 *
 * @param options What it answers, how fast, and where.
 * @returns The upstream.
 */
export function createAiChatsUpstream(
  options: AiChatsUpstreamOptions = {},
): Upstream {
  const pictures = createPictures(options);

  async function send(request: Request): Promise<Response> {
    if (!request.headers.has("origin")) return refuse(403, "Forbidden");
    const body = await readJson(request, Body);
    if (body === undefined) return refuse(400, "Invalid request");
    if (body.type === "image") return await pictures.draw(request);

    const messages = body.messagesHistory.map(({ content }) => ({
      role: "user",
      content,
    }));
    const stream = toAnswerBody(options, { model: "gpt-4", messages }, {
      toPiece: toEvent,
      ...(options.done && { end: toEvent("[DONE]") }),
    });
    return new Response(stream, {
      headers: { "content-type": "text/event-stream" },
    });
  }

  return createUpstream(async (request, path) => {
    const picture = await pictures.serve(path);
    if (picture !== undefined) return picture;
    if (path !== "/chat/send2/") return refuse(404, "Not Found");
    if (request.method !== "POST") return refuse(405, "Method Not Allowed");
    return await send(request);
  }, options);
}

function refuse(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status });
}

/**
 * A line feed in the text begins a second `data` line, which the reader joins
 * again.
 */
function toEvent(text: string): string {
  return text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("") +
    "\n";
}
