import type { ChatStream } from "@parley/chat";
import { flush } from "../fake_clock.ts";
import { check, checkEquals } from "./check.ts";
import { readTo } from "./ending.ts";
import { createMemoryReader } from "./memory.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, type Fixture, serveFixture } from "./fixture.ts";
import { until } from "./waiting.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** So long a token that a few fill any buffer. */
const LONG_TOKEN = "x".repeat(64 * KIB);

/** How many tokens a model has at most: what reads ahead for ever ends, too. */
const MAX_TOKENS = 5_000;

/** A provider whose model counts how much it was asked to say. */
interface CountedFixture extends Fixture {
  /** How many tokens the model has said. */
  readonly said: () => number;
}

async function count(
  target: ConformanceTarget,
  token: string,
): Promise<CountedFixture> {
  let said = 0;
  function* answer(): Generator<string> {
    while (said < MAX_TOKENS) {
      said++;
      yield token;
    }
  }
  const fixture = await createFixture(target, { answer });
  return { ...fixture, said: () => said };
}

/**
 * How long a runtime may keep a connection, in milliseconds. Node.js closes that
 * of an answer which is left at once, and opens one in its place, idle, which its
 * pool keeps for 4 s; so does a bare `fetch`.
 */
const KEEP_ALIVE = 10_000;

/** Reads of an answer in each of its forms. */
const FORMS: Readonly<
  Record<string, (stream: ChatStream) => ReadableStream<unknown> | null>
> = {
  "a stream of text": (stream) => stream.textStream(),
  "a stream of events": (stream) => stream.toReadableStream(),
  "a response": (stream) => stream.toResponse().body,
};

/** Nothing is read before it is asked for. */
export const PULL_CASES: readonly CaseDefinition[] = [
  {
    name: "does not read ahead of a slow reader [B01]",
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
    name: "does not read ahead of who reads its answer as a body [B03]",
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
    // A page has no servers.
    concerns: () => "process" in globalThis,
    async run(target) {
      function* answer(): Generator<string> {
        for (let said = 0; said < 1_000; said++) yield LONG_TOKEN;
      }
      await using fixture = await serveFixture(target, { answer });
      const stream = fixture.stream();
      const { done } = await readTo(stream, "text");
      check(!done, "It has no text");
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { sentBytes } = fixture.server;
      await stream.return();
      check(sentBytes < 8 * MIB, `It takes ${sentBytes} bytes unread`);
      await until(
        () => fixture.server.openConnections === 0,
        "its connection is closed",
        KEEP_ALIVE,
      );
    },
  },
  {
    name: "takes no more memory for a long answer",
    async run(target, { isThorough }) {
      const most = isThorough ? 300 * MIB : 48 * MIB;
      // Twice as long, for some servers count their tokens.
      const token = LONG_TOKEN.repeat(2);
      const { stream } = await createFixture(target, {
        *answer() {
          for (let said = 0; said < MAX_TOKENS; said++) yield token;
        },
      });
      const readMemory = await createMemoryReader() ?? (() => 0);
      let [length, before] = [0, 0];
      for await (const event of stream()) {
        if (event.type !== "text") continue;
        length += event.text.length;
        if (length >= 20 * MIB && before === 0) before = readMemory();
        if (length >= most) break;
      }
      const growth = Math.round((readMemory() - before) / MIB);
      check(length >= most, `Its answer has ${length} characters`);
      check(growth < 16, `It takes ${growth} MiB more for a longer text`);
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
