import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isProviderError } from "../../../core/chat/errors.ts";
import { jsonSchema } from "../../../core/chat/schema.ts";
import type { ChatResult } from "../../../core/chat/results.ts";
import type { ChatOptions } from "../../../core/chat/types.ts";
import type { Provider } from "../../../core/chat/provider.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";
import { toBytes } from "../../_body.ts";

/** Text, or how many milliseconds the server is silent. */
type Piece = string | { readonly wait: number };

/** What a server answers to one request. */
export interface AnswerResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
}

/** Answers of a server, and what must become of them. */
export interface AnswerCase {
  readonly id: string;
  /** The public report that it was made after. */
  readonly from?: string;
  readonly what: string;
  /** The only provider that it is for. */
  readonly provider?: string;
  readonly ask: ChatOptions;
  /** The names of the tools that may be called. */
  readonly tools?: readonly string[];
  readonly responses: readonly AnswerResponse[];
  readonly right: {
    readonly text?: string;
    readonly reasoning?: string;
    readonly finish?: string;
    readonly images?: number;
    /** The calls, each as a name and its input in JSON. */
    readonly calls?: readonly string[];
    readonly sources?: readonly string[];
    readonly usage?: number;
    readonly warning?: boolean;
    readonly error?: readonly string[];
    readonly words?: string;
    readonly partial?: string;
    readonly retryable?: boolean;
    readonly requests?: number;
    readonly waitsMs?: number;
    readonly withinMs?: number;
  };
}

/** Reads a file of `tests/fixtures/openai/`. */
export async function readFixture<T>(name: string): Promise<T> {
  const url = new URL(`../../fixtures/openai/${name}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

/** How the bytes of a body are cut. */
export type Cut = (bytes: Uint8Array) => Iterable<Uint8Array>;

/** Sends the pieces of a body at their times. */
function toBody(
  pieces: readonly Piece[],
  clock: FakeClock,
  cut: Cut,
): ReadableStream<Uint8Array> {
  let timer: unknown;
  async function* toChunks(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      if (typeof piece === "string") yield* cut(toBytes(piece));
      else {
        await new Promise<void>((resolve) => {
          timer = clock.setTimeout(resolve, piece.wait);
        });
      }
    }
  }
  const chunks = toChunks();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => clock.clearTimeout(timer),
  }, { highWaterMark: 0 });
}

/** Makes a provider over the transport of a case. */
export type CreateProvider = (options: ProviderOptions) => Provider;

interface Outcome {
  readonly result?: ChatResult;
  readonly error?: unknown;
  readonly requests: number;
  readonly ms: number;
  readonly waits: readonly number[];
}

async function run(
  { ask, tools, responses }: AnswerCase,
  create: CreateProvider,
  cut: Cut,
): Promise<Outcome> {
  const clock = new FakeClock();
  const start = clock.now();
  let requests = 0;
  const provider = create({
    clock,
    random: () => 0,
    fetch: () => {
      const { status, headers, pieces } =
        responses[Math.min(requests++, responses.length - 1)] ?? responses[0]!;
      const body = toBody(pieces, clock, cut);
      return Promise.resolve(new Response(body, { status, headers }));
    },
  });
  const waits: number[] = [];
  try {
    const inputSchema = jsonSchema({ type: "object" });
    const stream = provider.stream("Name a river", {
      ...ask,
      ...(tools && { tools: tools.map((name) => ({ name, inputSchema })) }),
    });
    const result = await clock.skipWaits(
      stream.result(),
      (ms) => waits.push(ms),
    );
    return { result, requests, ms: clock.now() - start, waits };
  } catch (error) {
    return { error, requests, ms: clock.now() - start, waits };
  } finally {
    assertEquals(clock.timers, 0, "a timer is left");
  }
}

/** Asserts that a case has its right outcome. */
export async function assertAnswer(
  given: AnswerCase,
  create: CreateProvider,
  cut: Cut = (bytes) => [bytes],
): Promise<void> {
  const { right } = given;
  const { result, error, requests, ms, waits } = await run(given, create, cut);
  if (right.requests !== undefined) assertEquals(requests, right.requests);
  if (right.waitsMs !== undefined) assert(waits.includes(right.waitsMs));
  if (right.withinMs !== undefined) assert(ms <= right.withinMs, `${ms} ms`);
  if (right.error !== undefined) {
    assert(isProviderError(error), `it is a success: ${result?.text}`);
    const { code, retryable, message, partial } = error;
    assert(right.error.includes(code), `code is ${code}: ${message}`);
    if (right.words) assertStringIncludes(message, right.words);
    assertEquals(partial?.text, right.partial ?? "");
    if (right.retryable !== undefined) {
      assertEquals(retryable, right.retryable);
    }
    return;
  }
  if (error !== undefined) throw error;
  assertEquals(result?.text, right.text);
  assertEquals(result?.reasoning, right.reasoning ?? "");
  assertEquals(result?.finishReason, right.finish);
  assertEquals(result?.images.length, right.images ?? 0);
  const calls = result?.toolCalls.map(({ name, input }) =>
    `${name}${JSON.stringify(input)}`
  );
  assertEquals(calls, right.calls ?? []);
  assertEquals(result?.toolCallErrors ?? [], []);
  const sources = result?.sources?.map(({ url }) => url);
  assertEquals(sources ?? [], right.sources ?? []);
  if (right.usage) assertEquals(result?.usage?.totalTokens, right.usage);
  const isWarned = (result?.warnings.length ?? 0) > 0;
  if (right.warning !== undefined) assertEquals(isWarned, right.warning);
}
