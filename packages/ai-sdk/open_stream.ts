/**
 * An answer that is read part by part.
 *
 * @module
 */

import type {
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import { isProviderError } from "@parley/chat";
import type { Call } from "./call.ts";
import { toSdkWarning } from "./metadata.ts";
import { toSdkError } from "./sdk_errors.ts";
import { StreamParts } from "./stream_parts.ts";

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

  /** Reads the next parts; says whether there are more. */
  async function read(into: LanguageModelV4StreamPart[]): Promise<boolean> {
    try {
      while (into.length === 0) {
        const { done, value } = await batches.next();
        if (done) return false;
        for (const event of value) into.push(...await parts.write(event));
      }
      return true;
    } catch (error) {
      // What cannot be shown ends the run, too.
      await batches.return?.();
      const end = parts.endWrongObject(error);
      if (end === undefined) throw error;
      into.push(...end);
      return false;
    }
  }

  const first: LanguageModelV4StreamPart[] = [];
  try {
    await read(first);
  } catch (error) {
    throw toSdkError(error, provider);
  }
  const warnings = [
    ...call.warnings,
    ...parts.takeWarnings().map(toSdkWarning),
  ];
  return {
    stream: new ReadableStream({
      start(controller) {
        controller.enqueue({ type: "stream-start", warnings });
        controller.enqueue({ type: "response-metadata", modelId: parts.model });
        for (const part of first) controller.enqueue(part);
      },
      async pull(controller) {
        const next: LanguageModelV4StreamPart[] = [];
        let goesOn = false;
        try {
          goesOn = await read(next);
        } catch (error) {
          if (!isProviderError(error)) throw error;
          next.push(...parts.fail(toSdkError(error, provider)));
        }
        for (const part of next) controller.enqueue(part);
        if (!goesOn) controller.close();
      },
      async cancel() {
        await batches.return?.();
      },
    }, { highWaterMark: 0 }),
  };
}
