// What a real server of llama.cpp sent, byte by byte.
import { assert, assertEquals } from "@std/assert";
import { jsonSchema } from "../../../core/chat/schema.ts";
import { isProviderError } from "../../../core/chat/errors.ts";
import { isObject } from "../../../core/streams/values.ts";
import { createOpenAiCompatible } from "../../../providers/openai_compatible.ts";
import { toBytes, toSingleBytes } from "../../_body.ts";
import { readFixture } from "./_answers.ts";

interface Exchange {
  readonly id: string;
  readonly request: {
    readonly path: string;
    readonly body?: {
      readonly stream?: boolean;
      readonly response_format?: {
        readonly json_schema: { readonly schema: Record<string, unknown> };
      };
    };
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly chunks: readonly { readonly text: string }[];
  };
}

/** The codes of those that failed, and whether the same may succeed later. */
const FAILURES: Readonly<Record<string, readonly [string, boolean]>> = {
  "context-length": ["context-length", false],
  "error-mid-stream": ["upstream", true],
  "image-text-model": ["unsupported", false],
  "loading-503": ["upstream", true],
  "router-unknown-model": ["unknown-model", false],
};

function toBody({ response }: Exchange): string {
  return response.chunks.map(({ text }) => text).join("");
}

/** Reads all deltas, or the message, in the plainest way. */
function toParts(body: string): readonly Readonly<Record<string, unknown>>[] {
  const values = body.startsWith("{")
    ? [JSON.parse(body)]
    : body.split("\n").filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice(6)));
  return values.map(({ choices: [choice] = [] }) =>
    choice?.delta ?? choice?.message
  ).filter(isObject);
}

function joinField(body: string, field: string): string {
  return toParts(body).map((part) => part[field] || "").join("");
}

/** Joins the input of the only call. */
function joinInput(body: string): string {
  return toParts(body).map(({ tool_calls: calls }) =>
    Array.isArray(calls) ? calls[0].function.arguments : ""
  ).join("");
}

function createClient(exchange: Exchange) {
  const { status, headers } = exchange.response;
  const bytes = toSingleBytes(toBytes(toBody(exchange)));
  return createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:8080/v1",
    maxRetries: 0,
    fetch: () =>
      Promise.resolve(
        new Response(ReadableStream.from(bytes), {
          status,
          headers: { "content-type": headers["content-type"] ?? "" },
        }),
      ),
  });
}

for (const exchange of await readFixture<Exchange[]>("llama_server")) {
  const { id, request: { path, body } } = exchange;
  const schema = body?.response_format?.json_schema.schema;
  Deno.test(`createOpenAiCompatible() reads llama-server: ${id}`, async () => {
    const client = createClient(exchange);
    if (path === "/v1/models") {
      return assertEquals(await client.listModels(), ["nonsense"]);
    }
    const said = toBody(exchange);
    try {
      const run = client.stream("Hi", {
        model: "tiny",
        stream: body?.stream ?? true,
        output: schema && jsonSchema(schema),
      });
      const result = await run.result();
      assertEquals(FAILURES[id], undefined);
      assertEquals(result.text, joinField(said, "content"));
      assertEquals(result.reasoning, joinField(said, "reasoning_content"));
      assert(said.includes(`"finish_reason":"${result.finishReason}"`));
      assert(said.includes(`"total_tokens":${result.usage?.totalTokens}`));
      assert(said.includes(`"cached_tokens":${result.usage?.cachedTokens}`));
      assert(said.includes(`"id":"${result.responseId}"`));
      // Its calls are cut at the most tokens: they are kept, and never run.
      const [call] = run.partial.toolCalls;
      assertEquals(call?.rawInput ?? "", joinInput(said));
      assertEquals(
        result.warnings.map(({ code }) => code),
        call === undefined ? [] : ["tool-calls-withheld"],
      );
      assertEquals(result.toolCalls, []);
      assertEquals(result.object, schema && JSON.parse(result.text));
    } catch (error) {
      if (!isProviderError(error)) throw error;
      assertEquals([error.code, error.retryable], FAILURES[id]);
    }
  });
}
