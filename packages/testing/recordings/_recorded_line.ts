import * as z from "zod/mini";

const Headers = z.array(z.tuple([z.string(), z.string()]));

/** A line of a recording; its times are in milliseconds since the request. */
const RecordedLine = z.object({
  /** Which exchange it belongs to. */
  exchange: z.int(),
  ms: z.number(),
  request: z.optional(z.object({
    method: z.string(),
    url: z.url(),
    headers: Headers,
  })),
  response: z.optional(z.object({ status: z.int(), headers: Headers })),
  /** A piece of the body, as the network brought it. */
  text: z.optional(z.string()),
  /** The same, where it is not text by itself. */
  base64: z.optional(z.string()),
  /** How it ended: a body that is refused held a secret. */
  end: z.optional(z.enum(["whole", "broken", "left", "refused"])),
  /** Why it broke off. */
  message: z.optional(z.string()),
});

/** A line of a recording. */
export type RecordedLine = z.infer<typeof RecordedLine>;

/**
 * Reads a recording.
 *
 * @param recording Its lines.
 * @throws {TypeError} If one is no line of a recording.
 */
export function readLines(recording: string): readonly RecordedLine[] {
  return recording.split("\n").filter(Boolean).map((line, index) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      value = undefined;
    }
    const { data } = RecordedLine.safeParse(value);
    if (data !== undefined) return data;
    throw new TypeError(
      `Cannot replay: line ${index + 1} is none of a recording`,
    );
  });
}
