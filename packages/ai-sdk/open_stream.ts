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
import type { Call } from "./call.ts";
import { toSdkError } from "./sdk_errors.ts";
import { StreamParts } from "./stream_parts.ts";
import { writeBatches } from "./write_batches.ts";

type Parts = readonly LanguageModelV4StreamPart[];

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
  const { provider, stream } = call;
  const batches = stream.batches();
  const parts = new StreamParts(call);
  const written = writeBatches(batches, (event) => parts.write(event));

  /** Reads the next parts; none after the end. */
  async function read(): Promise<Parts | undefined> {
    try {
      return (await written.next()).value;
    } catch (error) {
      const end = parts.endWrongObject(error);
      if (end === undefined) throw toSdkError(error, provider);
      return end;
    }
  }

  const first = await read() ?? [];
  const warnings = [...call.warnings, ...parts.takeWarnings()];
  return {
    stream: new ReadableStream({
      start(controller) {
        controller.enqueue({ type: "stream-start", warnings });
        controller.enqueue({ type: "response-metadata", modelId: parts.model });
        for (const part of first) controller.enqueue(part);
      },
      async pull(controller) {
        const next = await read().catch((error) => {
          // An abort ends the stream itself.
          if (!APICallError.isInstance(error)) throw error;
          return parts.fail(error);
        });
        if (next === undefined) controller.close();
        else for (const part of next) controller.enqueue(part);
      },
      async cancel() {
        await batches.return?.();
      },
    }, { highWaterMark: 0 }),
  };
}
