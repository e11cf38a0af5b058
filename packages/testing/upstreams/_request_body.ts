import * as z from "zod/mini";

const TextPart = z.object({ type: z.literal("text"), text: z.string() });
const ImagePart = z.object({
  type: z.literal("image_url"),
  image_url: z.object({ url: z.string() }),
});

const Content = z.pipe(
  z.union([z.string(), z.array(z.union([TextPart, ImagePart]))]),
  z.transform((content) =>
    typeof content === "string"
      ? content
      : content.map((part) => part.type === "text" ? part.text : "").join("")
  ),
);

/** The messages of an OpenAI-like request, whose parts become one text. */
export const Messages = z.array(z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: Content,
})).check(z.minLength(1));

/** The same with all that OpenAI itself takes but tools. */
export const OpenAiMessages = z.array(z.object({
  role: z.enum(["developer", "system", "user", "assistant"]),
  content: Content,
})).check(z.minLength(1));

/**
 * Reads a JSON body of the given shape; `undefined` when it has another one or
 * is not JSON.
 */
export async function readJson<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  if (
    !/^application\/json\b/i.test(request.headers.get("content-type") ?? "")
  ) return undefined;
  return parseJson(await request.text(), schema);
}

/**
 * Reads JSON of the given shape; `undefined` when it has another one or is not
 * JSON.
 */
export function parseJson<Schema extends z.ZodMiniType>(
  text: string,
  schema: Schema,
): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
