import type { Provider, ProviderOptions } from "../../mod.ts";
import { TestBody } from "../_body.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import type { ScenarioCall } from "../_scenarios.ts";
import { readRandom } from "./_settle.ts";

/** Where the server of every recording is. */
export const BASE = "https://chat.example";

/** A response as it was recorded. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** Whether the connection breaks off after the body. */
  readonly isCut?: boolean;
}

/** What a server answered, and the runs that get it for an answer. */
export interface Recording {
  readonly id: string;
  readonly create: (options: ProviderOptions) => Provider;
  readonly calls: readonly ScenarioCall[];
  /** Makes a server that answers from the beginning. */
  readonly start: () => (method: string, path: string) => Reply | undefined;
}

const NOT_FOUND: Reply = { status: 404, headers: [], body: new Uint8Array() };

/**
 * Plays a recording.
 *
 * @param recording The recording.
 * @param cut Cuts each body into chunks.
 * @returns For each run all that must be the same however the bodies are cut.
 */
export async function replay(
  { create, calls, start }: Recording,
  cut: (bytes: Uint8Array) => readonly Uint8Array[],
): Promise<readonly unknown[]> {
  const find = start();
  const clock = new FakeClock();
  const outcomes: unknown[] = [];
  let conversation: ScenarioCall["options"];
  for (const { model, messages, options, apiKey, continues } of calls) {
    const provider = create({
      baseUrl: BASE,
      allowPrivateUrls: true,
      apiKey,
      clock,
      random: () => 0,
      randomUuid: () => "7f3d9a10-5c2e-4b86-9e41-d08a6b52c7f3",
      fetch: (input, init) => {
        const { pathname, search } = new URL(String(input));
        const { status, headers, body, isCut } =
          find(init?.method ?? "GET", pathname + search) ?? NOT_FOUND;
        const end = isCut ? new TypeError("The connection broke") : "close";
        const { stream } = new TestBody(cut(body), end);
        return Promise.resolve(
          new Response(stream, { status, headers: toPairs(headers) }),
        );
      },
    });
    const { events, text, error } = await readRandom(
      clock,
      provider.stream(messages, {
        ...options,
        model,
        ...(continues && conversation),
      }),
    );
    const last = events.find(({ type }) => type === "conversation");
    if (last?.type === "conversation") {
      conversation = { conversation: last.conversation };
    }
    outcomes.push({
      text,
      others: JSON.stringify(events.filter(({ type }) => type !== "text")),
      error: JSON.stringify(error),
    });
  }
  return outcomes;
}

function toPairs(
  headers: Reply["headers"],
): [string, string][] {
  return headers.map(([name, value]) => [name, value]);
}
