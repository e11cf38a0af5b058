import { type Clock, decodeBase64 } from "@parley/chat";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import { sleep } from "../upstreams/_sleep.ts";
import { readLines, type RecordedLine } from "./_recorded_line.ts";

/** Options for {@linkcode replay}. */
export interface ReplayOptions {
  /**
   * How long a wait is, beside that of the recording; 0 waits for nothing.
   *
   * @default {1}
   */
  readonly scale?: number | undefined;
  /**
   * Where time comes from.
   *
   * @default {the clock of the machine}
   */
  readonly clock?: Clock | undefined;
}

/** One exchange of a recording. */
interface Exchange {
  readonly key: string;
  readonly lines: readonly RecordedLine[];
}

/** What a request is told by: its server may be another. */
function toKey(method: string, url: string): string {
  return `${method} ${new URL(url).pathname}`;
}

function toExchanges(recording: string): Exchange[] {
  const groups = Map.groupBy(readLines(recording), ({ exchange }) => exchange);
  return [...groups].sort(([one], [other]) => one - other)
    .flatMap(([, lines]) => {
      const { request } = lines.find(({ request }) => request) ?? {};
      return request === undefined
        ? []
        : [{ key: toKey(request.method, request.url), lines }];
    });
}

/** The error of a connection that ends as the one of the recording. */
function toFailure({ end, message }: RecordedLine): TypeError {
  if (end === "broken") return new TypeError(message ?? "Connection broke off");
  return new TypeError(
    end === "left"
      ? "Recording ends here, where its client left"
      : "Recording has no body here: it held a secret",
  );
}

/** Answers one request. */
async function answer(
  lines: readonly RecordedLine[],
  signal: AbortSignal,
  { scale = 1, clock = SYSTEM_CLOCK }: ReplayOptions,
): Promise<Response> {
  const start = clock.now();
  async function waitFor({ ms }: RecordedLine): Promise<void> {
    const rest = start + ms * scale - clock.now();
    if (scale > 0 && rest > 0) await sleep(rest, signal, clock);
    signal.throwIfAborted();
  }

  const rest = lines.filter(({ request }) => request === undefined);
  const head = rest.shift();
  if (head === undefined) throw new TypeError("Recording has no answer here");
  await waitFor(head);
  const { response } = head;
  if (response === undefined) throw toFailure(head);
  const { status } = response;
  const headers = response.headers.map(([name, value]): [string, string] => [
    name,
    value,
  ]);
  const isEmpty = rest.length === 1 && rest[0]?.end === "whole";
  if (isEmpty && [101, 204, 205, 304].includes(status)) {
    return new Response(null, { status, headers });
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const line = rest.shift();
      if (line === undefined) return controller.close();
      await waitFor(line);
      if (line.end === "whole") return controller.close();
      if (line.end !== undefined) throw toFailure(line);
      controller.enqueue(
        line.text === undefined
          ? decodeBase64(line.base64 ?? "")
          : new TextEncoder().encode(line.text),
      );
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status, headers });
}

/**
 * Makes a `fetch` that answers as a server did when it was recorded: with the
 * same heads, the same pieces, and after the same times.
 *
 * The first request for a method and path is answered as the first one of the
 * recording, the second as the second; the host may be another. A connection
 * breaks off where it did, and where a client left or a body was refused.
 *
 * @param recording The JSON lines that {@linkcode record} wrote.
 * @param options How long the waits are.
 * @returns The `fetch`, to be given to a provider. It fails where nothing was
 * recorded for a request.
 * @throws {TypeError} If a line is none of a recording.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible } from "@parley/chat";
 * import { replay } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = [
 *   { ms: 0, request: { method: "POST", url: "http://a.example/v1/chat/completions", headers: [] } },
 *   { ms: 90, response: { status: 200, headers: [["content-type", "text/event-stream"]] } },
 *   { ms: 95, text: 'data: {"choices":[{"delta":{"content":"Good day"}}]}\n\n' },
 *   { ms: 99, text: "data: [DONE]\n\n" },
 *   { ms: 99, end: "whole" },
 * ].map((line) => JSON.stringify({ exchange: 0, ...line })).join("\n");
 *
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:8080/v1",
 *   fetch: replay(recording, { scale: 0 }),
 * });
 * const { text } = await provider.generate("Hello", { model: "small" });
 * assertEquals(text, "Good day");
 * ```
 */
export function replay(
  recording: string,
  options: ReplayOptions = {},
): typeof globalThis.fetch {
  const exchanges = toExchanges(recording);
  return async (input, init) => {
    const given = input instanceof Request ? input : undefined;
    const method = init?.method ?? given?.method ?? "GET";
    const key = toKey(method, given?.url ?? String(input));
    const index = exchanges.findIndex((exchange) => exchange.key === key);
    const [exchange] = index === -1 ? [] : exchanges.splice(index, 1);
    if (exchange === undefined) {
      throw new TypeError(`Recording has no more answers to ${key}`);
    }
    const signal = init?.signal ?? given?.signal ??
      new AbortController().signal;
    return await answer(exchange.lines, signal, options);
  };
}
