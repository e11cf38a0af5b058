import * as z from "zod/mini";
import { readFrom } from "./_reading.ts";

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

const Call = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

/** A message of OpenAI's, which may have calls in place of a text. */
const OpenAiMessage = z.pipe(
  z.object({
    role: z.enum(["developer", "system", "user", "assistant", "tool"]),
    content: z.nullish(Content),
    tool_calls: z.optional(z.array(Call).check(z.minLength(1))),
    tool_call_id: z.optional(z.string()),
  }).check(
    z.refine(
      ({ content, tool_calls: calls }) => isFilled(content) || isFilled(calls),
      { path: ["content"] },
    ),
    z.refine(
      ({ role, tool_call_id: id }) => role !== "tool" || isFilled(id),
      { path: ["tool_call_id"] },
    ),
  ),
  z.transform(({ content, ...message }) => ({
    ...message,
    content: content ?? "",
  })),
);

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The same with all that OpenAI itself takes. */
export const OpenAiMessages = z.array(OpenAiMessage).check(z.minLength(1));

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
  return parseJson(await readFrom(request.text()), schema);
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
