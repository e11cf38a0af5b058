/**
 * An object as it comes.
 *
 * @module
 */

import { PartialJson } from "./partial_json.ts";

/** A value of which anything may be missing yet. */
export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly DeepPartial<Item>[]
  : T extends object ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> }
  : T;

/** What objects are read from: an answer, or a run with tools. */
export interface BatchStream {
  /** Gives the events, in batches. */
  batches(): AsyncIterable<readonly { readonly type: string }[]>;
}

/** Options for {@linkcode partialObjects}. */
export interface PartialObjectsOptions {
  /**
   * The `name` of the output, under which a tool may be called for it.
   *
   * @default {"answer"}
   */
  readonly name?: string | undefined;
}

interface Piece {
  readonly text: string;
}

/** Whether an event is a piece of the object. */
function isPiece(
  event: { readonly type: string },
  name: string,
): event is { readonly type: string } & Piece {
  return event.type === "text" ||
    (event.type === "tool-call-delta" && "name" in event &&
      event.name === name);
}

/**
 * Reads an object as it comes: snapshots that grow, at most one for each piece of
 * the network, and at last the object itself, checked. Texts grow; numbers and
 * words come when they are whole. Nothing that has come is parsed again, and what
 * is whole in a snapshot is shared with those after it: do not change it.
 *
 * Where the answer begins anew, so do the snapshots. A schema whose root is no
 * object travels as the property `value` of one, as which the snapshots show it.
 *
 * @typeParam T The type of the object.
 * @param stream The answer, or a run with tools; read by nobody else.
 * @param options The name of the output.
 * @returns The snapshots.
 * @throws {ProviderError} If the answer is not whole, or not the object.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible, jsonSchema } from "@parley/chat";
 * import { partialObjects } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 *
 * const message = { content: '{"city":"Ulm"}' };
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   models: ["llama3.2"],
 *   fetch: () => Promise.resolve(Response.json({ choices: [{ message }] })),
 * });
 * const output = jsonSchema({ type: "object" });
 * const stream = provider.stream("Where?", { output });
 * const objects = await Array.fromAsync(partialObjects(stream));
 * assertEquals(objects.at(-1), { city: "Ulm" });
 * ```
 */
export async function* partialObjects<T = unknown>(
  stream: BatchStream,
  { name = "answer" }: PartialObjectsOptions = {},
): AsyncGenerator<DeepPartial<T>, void, undefined> {
  let parser = new PartialJson();
  for await (const batch of stream.batches()) {
    let whole: { readonly object: unknown } | undefined;
    for (const event of batch) {
      if (isPiece(event, name)) parser.push(event.text);
      else if (event.type === "restart" || event.type === "step") {
        parser = new PartialJson();
      } else if (event.type === "object" && "object" in event) {
        whole = { object: event.object };
      }
    }
    if (whole !== undefined) yield whole.object as DeepPartial<T>;
    else if (parser.hasChanged) yield parser.toSnapshot() as DeepPartial<T>;
  }
}
