import * as z from "zod/mini";
import { toErrorResponse } from "./_openai_body.ts";
import { readFrom } from "./_reading.ts";
import { OpenAiMessages } from "./_request_body.ts";

/** What the real server takes and this one has no use for. */
const UNUSED_FIELDS = [
  "logit_bias",
  "logprobs",
  "metadata",
  "prediction",
  "reasoning_effort",
  "response_format",
  "safety_identifier",
  "seed",
  "service_tier",
  "stop",
  "store",
  "top_logprobs",
  "user",
  "verbosity",
];

const optional = z.nullish;
const UNUSED = z.optional(z.unknown());
const Tokens = optional(z.int().check(z.positive()));
const Penalty = optional(z.number().check(z.gte(-2), z.lte(2)));

/** A request for a chat completion. */
export const ChatBody = z.strictObject({
  ...Object.fromEntries(UNUSED_FIELDS.map((name) => [name, UNUSED])),
  tools: UNUSED,
  tool_choice: UNUSED,
  parallel_tool_calls: UNUSED,
  model: z.string(),
  messages: OpenAiMessages,
  n: optional(z.int().check(z.gte(1), z.lte(128))),
  stream: optional(z.boolean()),
  stream_options: optional(
    z.object({ include_usage: optional(z.boolean()) }),
  ),
  max_tokens: Tokens,
  max_completion_tokens: Tokens,
  frequency_penalty: Penalty,
  presence_penalty: Penalty,
  temperature: optional(z.number().check(z.gte(0), z.lte(2))),
  top_p: optional(z.number().check(z.gte(0), z.lte(1))),
});

/** A request for pictures. */
export const ImageBody = z.strictObject({
  prompt: z.string().check(z.minLength(1)),
  model: z.string(),
  n: optional(z.int().check(z.gte(1), z.lte(10))),
  response_format: optional(z.enum(["url", "b64_json"])),
  quality: UNUSED,
  size: UNUSED,
  style: UNUSED,
  user: UNUSED,
});

/**
 * Reads the JSON of a request.
 *
 * @throws {Response} If it has another shape; says which field is wrong.
 */
export async function readBody<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const value = await parseBody(request);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw toRefusal(result.error.issues[0], value);
}

async function parseBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  try {
    if (/^application\/json\b/i.test(type)) {
      return await readFrom(request.json());
    }
  } catch {
    // The same as another type.
  }
  throw toErrorResponse(
    400,
    "We could not parse the JSON body of your request.",
  );
}

/** Writes a path as OpenAI does: `messages[0].content`. */
function toParam(path: readonly PropertyKey[]): string {
  return path
    .map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`)
    .join("").replace(/^\./, "");
}

function toRefusal(
  issue: z.core.$ZodIssue | undefined,
  body: unknown,
): Response {
  if (issue?.code === "unrecognized_keys") {
    const names = issue.keys.join(", ");
    return toErrorResponse(
      400,
      `Unrecognized request argument supplied: ${names}`,
    );
  }
  const param = toParam(issue?.path ?? []);
  if (issue?.path.length === 1 && !Object.hasOwn(Object(body), param)) {
    return toErrorResponse(400, `Missing required parameter: '${param}'.`, {
      param,
      code: "missing_required_parameter",
    });
  }
  return toErrorResponse(400, `Invalid value for '${param}'.`, {
    param,
    code: issue?.code === "invalid_type" ? "invalid_type" : "invalid_value",
  });
}
