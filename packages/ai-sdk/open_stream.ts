/**
 * An answer that is read part by part.
 *
 * @module
 */

import {
  APICallError,
  type LanguageModelV4StreamPart,
  type LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import type { ChatStream } from "@parley/chat";
import type { Call } from "./call.ts";
import { toSdkError } from "./sdk_errors.ts";
import { StreamParts } from "./stream_parts.ts";
import { toStream, writeBatches } from "./write_batches.ts";

type Parts = AsyncGenerator<LanguageModelV4StreamPart, undefined>;

async function* writeParts(
  call: Call,
  batches: ReturnType<ChatStream["batches"]>,
): Parts {
  const parts = new StreamParts(call);
  try {
    for await (const written of writeBatches(batches, parts)) yield* written;
  } catch (thrown) {
    if (!parts.endWrongObject(thrown)) {
      const error = toSdkError(thrown, call.provider);
      // An abort ends the stream itself.
      if (!parts.hasBegun || !APICallError.isInstance(error)) throw error;
      parts.fail(error);
    }
    yield* parts.take();
  }
}

/**
 * Opens a stream once there is something to show: what fails before rejects, so
 * that the SDK can ask another model.
 *
 * @param call The call.
 * @throws {APICallError} If it fails before.
 */
export async function openStream(
  call: Call,
): Promise<LanguageModelV4StreamResult> {
  const batches = call.stream.batches();
  const parts = writeParts(call, batches);
  const { value: first } = await parts.next();

  async function* writeAll(): Parts {
    if (first !== undefined) yield first;
    yield* parts;
  }
  return { stream: toStream(writeAll(), batches) };
}
