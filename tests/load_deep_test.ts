// Many streams at once, over sockets, while faults befall them at random.
import { assert, assertEquals } from "@std/assert";
import type { ChatStream, ProviderOptions } from "../mod.ts";
import {
  type ConformanceTarget,
  createFaultyUpstream,
  createRandom,
  type FaultPlan,
  type FaultyServer,
} from "@parley/testing";
import { createMemoryReader } from "../packages/testing/conformance/memory.ts";
import { TARGETS } from "./_providers.ts";

const STREAMS = 500;

const TOKENS = Array.from({ length: 40 }, (_, index) => ` Grüße ${index} 👋🏽`);
const TEXT = TOKENS.join("");

/** How a stream may end: with its whole text, or with the code of an error. */
type Outcome = "whole" | "left" | "aborted" | string;

/** What befalls a stream, and how it has to end. */
interface Weather {
  readonly toPlan: (target: ConformanceTarget) => FaultPlan;
  readonly options?: ProviderOptions;
  readonly toOutcome: (target: ConformanceTarget) => Outcome;
  /** How the reader leaves after the first text. */
  readonly leave?: "break" | "abort";
}

/** In the middle of every answer. */
const MIDDLE = { events: 12 };

/** Where nothing but the end of the body tells that an answer is whole. */
function unlessMarked(code: string): Weather["toOutcome"] {
  return ({ endMarker }) => endMarker === undefined ? code : "whole";
}

/** Where a request for an answer must not be sent again. */
function unlessRepeated(code: string): Weather["toOutcome"] {
  return ({ isRepeatable = true }) => isRepeatable ? "whole" : code;
}

const WEATHERS: readonly Weather[] = [
  { toPlan: () => ({}), toOutcome: () => "whole" },
  { toPlan: () => ({ chunking: "bytes" }), toOutcome: () => "whole" },
  { toPlan: () => ({ chunking: { seed: 3 } }), toOutcome: () => "whole" },
  {
    toPlan: () => ({ faults: [{ type: "stall" }] }),
    options: { timeouts: { idle: 10_000 } },
    toOutcome: unlessMarked("timeout"),
  },
  {
    toPlan: () => ({ faults: [{ type: "reset", after: MIDDLE }] }),
    toOutcome: () => "incomplete",
  },
  {
    toPlan: () => ({ faults: [{ type: "stall", after: MIDDLE }] }),
    options: { timeouts: { idle: 10_000 } },
    toOutcome: () => "timeout",
  },
  {
    toPlan: () => ({ faults: [{ type: "silence" }] }),
    options: { timeouts: { headers: 10_000 } },
    toOutcome: () => "timeout",
  },
  {
    toPlan: () => ({ times: 1, faults: [{ type: "respond", status: 503 }] }),
    toOutcome: () => "whole",
  },
  {
    toPlan: () => ({ times: 1, faults: [{ type: "refuse" }] }),
    toOutcome: unlessRepeated("network"),
  },
  {
    toPlan: () => ({
      faults: [{ type: "respond", status: 401, body: "No" }],
    }),
    toOutcome: () => "authentication",
  },
  {
    toPlan: ({ opening = "" }) => ({
      faults: [
        { type: "cut", after: MIDDLE },
        { type: "insert", text: opening },
        { type: "flood", text: "x".repeat(9_999) },
      ],
    }),
    options: { limits: { eventLength: 200_000 } },
    toOutcome: () => "too-large",
  },
  {
    toPlan: () => ({ faults: [{ type: "stall", after: MIDDLE }] }),
    toOutcome: () => "left",
    leave: "break",
  },
  {
    toPlan: () => ({ faults: [{ type: "stall", after: MIDDLE }] }),
    toOutcome: () => "aborted",
    leave: "abort",
  },
];

interface Stage {
  readonly target: ConformanceTarget;
  readonly weather: Weather;
}

/** Runs one stream to its end, and tells which it was. */
async function run(
  { target, weather }: Stage,
  server: FaultyServer,
  streams: WeakRef<ChatStream>[],
): Promise<Outcome> {
  const controller = new AbortController();
  const { signal } = controller;
  const { pathname } = new URL(target.create({}).baseUrl);
  const baseUrl = new URL(pathname, server.url);
  const provider = target.create({ ...weather.options, baseUrl });
  const stream = provider.stream("Hello", { ...target.options, signal });
  streams.push(new WeakRef(stream));
  let text = "";
  try {
    for await (const event of stream) {
      if (event.type !== "text") continue;
      text += event.text;
      if (weather.leave === "break") return "left";
      if (weather.leave === "abort") controller.abort("enough");
    }
    return text === TEXT ? "whole" : text;
  } catch (error) {
    assert(TEXT.startsWith(text), text);
    if (error === "enough") return "aborted";
    assert(error instanceof Error && "code" in error, String(error));
    return String(error.code);
  }
}

/** Runs all streams at once, over sockets of their own. */
async function runAll(streams: WeakRef<ChatStream>[]): Promise<void> {
  const random = createRandom(1);
  const pick = <T>(items: readonly T[]): T =>
    items[Math.floor(random() * items.length)] as T;
  const ended = await Promise.all(
    Array.from({ length: STREAMS }, async () => {
      const stage = { target: pick(TARGETS), weather: pick(WEATHERS) };
      const { target, weather } = stage;
      const plan = weather.toPlan(target);
      const upstream = createFaultyUpstream(
        target.upstream({ answer: () => TOKENS }),
        { path: target.answerPath, ...plan },
      );
      const server = await upstream.serve();
      try {
        const outcome = await run(stage, server, streams);
        // The last bytes of a close are on their way when the run has ended.
        for (let turn = 0; server.openConnections > 0 && turn < 1_000; turn++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return {
          what: `${target.name}: ${JSON.stringify(plan).slice(0, 200)}`,
          outcome,
          wanted: weather.toOutcome(target),
          open: server.openConnections,
        };
      } finally {
        await server.close();
      }
    }),
  );
  assertEquals(
    ended.filter(({ outcome, wanted, open }) => outcome !== wanted || open > 0),
    [],
  );
}

Deno.test(`${STREAMS} streams at once end as they have to, and leave nothing`, async () => {
  const streams: WeakRef<ChatStream>[] = [];
  await runAll(streams);
  const readMemory = await createMemoryReader();
  // What nothing refers to any more is freed when it is counted.
  for (let turn = 0; turn < 5; turn++) {
    readMemory?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const left = streams.filter((stream) => stream.deref() !== undefined);
  assertEquals([streams.length, left.length], [STREAMS, 0]);
});
