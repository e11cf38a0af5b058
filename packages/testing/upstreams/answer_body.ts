import { type AnswerContext, type AnswerOptions, toTokens } from "./answer.ts";
import { toStreamingBody } from "./_streaming_body.ts";

/** How an answer is written down. */
export interface AnswerFormat {
  /** Writes a token down. */
  readonly toPiece: (token: string) => string;
  /**
   * What comes after the last token.
   *
   * @default {""}
   */
  readonly end?: string | undefined;
}

/**
 * Makes the body of an answer: each token comes only when it is read, and the
 * model falls silent when the reader leaves.
 *
 * @example Usage
 * ```ts
 * import { toAnswerBody } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const body = toAnswerBody(
 *   { answer: (prompt) => ["I", " like ", prompt] },
 *   { model: "grey", messages: [{ role: "user", content: "nuts" }] },
 *   { toPiece: (token) => `${JSON.stringify(token)}\n`, end: "over\n" },
 * );
 *
 * assertEquals(await new Response(body).text(), '"I"\n" like "\n"nuts"\nover\n');
 * ```
 *
 * @param options What the model answers, and how fast.
 * @param context What it reads.
 * @param format How its tokens are written down.
 * @returns The body.
 */
export function toAnswerBody(
  options: AnswerOptions,
  context: AnswerContext,
  { toPiece, end = "" }: AnswerFormat,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return toStreamingBody(async function* (signal) {
    for await (const token of toTokens(options, context, signal)) {
      yield toPiece(token);
    }
    if (end !== "") yield end;
  });
}
