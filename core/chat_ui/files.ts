/**
 * Files that a chat-ui server keeps for a conversation.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { RunContext } from "../chat/definition.ts";
import { tooLargeImage } from "../http/image_errors.ts";
import { OpenScope } from "../http/scope.ts";
import { sendRequest } from "../http/send_request.ts";
import { toScope } from "../run/run_context.ts";
import type { FetchFile } from "./attachments.ts";
import { toHeaders } from "./conversation.ts";

/**
 * Makes what fetches files of a conversation, with its cookies and under clocks
 * of its own: a file may be wanted after the run.
 *
 * @param run The run.
 * @param cookies The cookies of the conversation.
 */
export function createFileFetcher(
  run: RunContext,
  cookies: Conversation["cookies"],
): FetchFile {
  const { config, headers } = toScope(run);
  const limit = run.limits.imageBytes;
  return async (path, signal) => {
    const scope = new OpenScope(config, { headers, signal });
    try {
      scope.start();
      scope.clocks.wait();
      const request = { headers: toHeaders(run, cookies) };
      const response = await sendRequest("GET", path, request, scope);
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      const batches = response.decode<Uint8Array<ArrayBuffer>>({
        decode(piece, items) {
          if (typeof piece === "object") items.push(piece.slice());
        },
      });
      for await (const batch of batches) {
        scope.clocks.progress();
        for (const piece of batch) {
          size += piece.length;
          pieces.push(piece);
        }
        if (size > limit) throw tooLargeImage(limit);
      }
      return await new Response(new Blob(pieces)).bytes();
    } finally {
      scope.close();
    }
  };
}
