import type { ChatStream } from "../../core/chat_stream.ts";
import { flush } from "../fake_clock.ts";
import { check, checkEquals } from "./check.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createTrial, serveTrial, type Trial } from "./trial.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** So long a token that a few fill any buffer. */
const LONG_TOKEN = "x".repeat(64 * KIB);

/** How many tokens a model has at most: what reads ahead for ever ends, too. */
const MAX_TOKENS = 5_000;

/** A provider whose model counts how much it was asked to say. */
interface CountedTrial extends Trial {
  /** How many tokens the model has said. */
  readonly said: () => number;
}

async function count(
  target: ConformanceTarget,
  token: string,
): Promise<CountedTrial> {
  let said = 0;
  function* answer(): Generator<string> {
    while (said < MAX_TOKENS) {
      said++;
      yield token;
    }
  }
  const trial = await createTrial(target, { answer });
  return { ...trial, said: () => said };
}

/** Reads of an answer in each of its forms. */
const FORMS: Readonly<
  Record<string, (stream: ChatStream) => ReadableStream<unknown> | null>
> = {
  "a stream of text": (stream) => stream.textStream(),
  "a stream of events": (stream) => stream.toReadableStream(),
  "a response": (stream) => stream.toResponse().body,
};

interface MemoryUsage {
  readonly heapUsed: number;
  readonly external: number;
}

interface Runtime {
  readonly Deno?: { memoryUsage?(): MemoryUsage };
  readonly process?: { memoryUsage?(): MemoryUsage };
}

/**
 * How much memory is in use, where the runtime tells: of this program alone,
 * for that of the whole process depends on what else runs in it.
 */
function readMemory(): number | undefined {
  const { Deno, process } = globalThis as Runtime;
  const usage = Deno?.memoryUsage?.() ?? process?.memoryUsage?.();
  return usage && usage.heapUsed + usage.external;
}

/** Nothing is read before it is asked for. */
export const PULL_CASES: readonly CaseDefinition[] = [
  {
    name: "does not read ahead of a slow reader",
    async run(target) {
      const { stream, said } = await count(target, "word ");
      const reader = stream();
      let texts = 0;
      while (texts < 20) {
        const { value } = await reader.next();
        if (value?.type === "text") texts++;
        await flush();
        check(said() <= texts + 4, `It reads ${said()} tokens for ${texts}`);
      }
      await reader.return();
    },
  },
  {
    name: "does not read ahead of who reads its answer as a body",
    async run(target) {
      for (const [name, toBody] of Object.entries(FORMS)) {
        const { stream, said } = await count(target, "word ");
        const reader = toBody(stream())?.getReader();
        await reader?.read();
        await flush();
        check(said() <= 8, `It reads ${said()} tokens for one of ${name}`);
        await reader?.cancel();
      }
    },
  },
  {
    name: "leaves on the network what nobody reads",
    async run(target) {
      function* answer(): Generator<string> {
        for (let said = 0; said < 1_000; said++) yield LONG_TOKEN;
      }
      await using trial = await serveTrial(target, { answer });
      const stream = trial.stream();
      for (;;) {
        const { value, done } = await stream.next();
        check(!done, "It has no text");
        if (value.type === "text") break;
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { sentBytes } = trial.server;
      await stream.return();
      check(sentBytes < 8 * MIB, `It takes ${sentBytes} bytes unread`);
    },
  },
  {
    name: "takes no more memory for a long answer",
    async run(target) {
      // Twice as long, for some servers count their tokens.
      const token = LONG_TOKEN.repeat(2);
      const { stream } = await createTrial(target, {
        *answer() {
          for (;;) yield token;
        },
      });
      // Garbage comes and goes: the least of many readings is what is kept.
      let [before, after] = [Infinity, Infinity];
      let [length, next] = [0, 0];
      for await (const event of stream()) {
        if (event.type !== "text") continue;
        length += event.text.length;
        if (length < next) continue;
        next += 2 * MIB;
        const memory = readMemory() ?? 0;
        if (length <= 80 * MIB) before = Math.min(before, memory);
        if (length >= 220 * MIB) after = Math.min(after, memory);
        if (length >= 300 * MIB) break;
      }
      check(length >= 300 * MIB, `Its answer has ${length} characters`);
      const growth = Math.round((after - before) / MIB);
      check(growth < 64, `It takes ${growth} MiB more for 220 MiB of text`);
    },
  },
  {
    name: "keeps no more of a long answer than its beginning",
    async run(target) {
      const { stream } = await count(target, LONG_TOKEN);
      const reader = stream();
      let length = 0;
      for await (const event of reader) {
        if (event.type === "text") length += event.text.length;
        if (length >= 16 * MIB) break;
      }
      const kept = reader.partial.text.length;
      check(kept > 0 && kept <= 5 * MIB, `It keeps ${kept} characters`);
      checkEquals(
        LONG_TOKEN.startsWith(reader.partial.text.slice(0, 100)),
        true,
        "Whether it keeps the beginning",
      );
    },
  },
];
