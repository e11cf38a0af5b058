// Many runs at once, and one that is very long.
import { assert, assertEquals } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import type { ChatEvent } from "../../mod.ts";
import { createMemoryReader } from "../../packages/testing/conformance/memory.ts";
import { FakeClock } from "@parley/testing";
import { settle } from "../fuzz/_settle.ts";
import { createActor, type Step } from "./_actors.ts";

const RUNS = 1_000;

const WORDS = Array.from({ length: 40 }, (_, index) => `word ${index} `);

/** What the first route does; each time another one of these. */
const SCRIPTS: readonly (readonly Step[])[] = [
  WORDS,
  [...WORDS.slice(0, 20), { code: "incomplete" }],
  [{ code: "upstream" }],
  [5, ...WORDS.slice(0, 30), 5, { code: "network" }],
];

Deno.test("createFailover() loses none of a thousand runs at once", async () => {
  const clock = new FakeClock();
  const first = createActor(
    "A",
    Array.from({ length: RUNS }, (_, index) => SCRIPTS[index % 4] ?? []),
    { clock },
  );
  const second = createActor("B", [["other", ...WORDS]], { clock });
  const failover = createFailover([first.provider, second.provider], {
    clock,
    breaker: { failures: RUNS },
  });
  const results = await settle(
    clock,
    Promise.all(
      Array.from({ length: RUNS }, (_, index) => failover.generate(`${index}`)),
    ),
  );
  const answers = new Map([
    ["A", WORDS.join("")],
    ["B", `other${WORDS.join("")}`],
  ]);
  for (const { text, provider } of results) {
    assertEquals(text, answers.get(provider));
  }
  assertEquals([first.runs.length, second.runs.length], [RUNS, RUNS * 3 / 4]);
  assertEquals([first.open, second.open, clock.timers], [0, 0, 0]);
});

/** What is streamed, in characters. */
const LENGTH = 128 * 1024 * 1024;

const PIECE = 64 * 1024;

/** Says one piece after the other, each a text of its own. */
async function* speakLong(): AsyncGenerator<ChatEvent> {
  const bytes = new Uint8Array(PIECE).fill(120);
  const decoder = new TextDecoder();
  for (let length = 0; length < LENGTH; length += PIECE) {
    yield { type: "text", text: decoder.decode(bytes) };
  }
  yield { type: "finish", reason: "stop" };
}

for (const onPartial of ["restart", "match", "error"] as const) {
  Deno.test(`createFailover() keeps memory flat for a very long answer (${onPartial})`, async () => {
    const readMemory = await createMemoryReader();
    assert(readMemory !== undefined);
    const clock = new FakeClock();
    const { provider } = createActor("A", [], {
      clock,
      definition: { respond: speakLong },
    });
    const failover = createFailover([provider], { clock, onPartial });
    let length = 0;
    let count = 0;
    const start = readMemory();
    let growth = 0;
    for await (const event of failover.stream("Hi")) {
      if (event.type !== "text") continue;
      length += event.text.length;
      if (++count % 500 === 0) growth = Math.max(growth, readMemory() - start);
    }
    assertEquals(length, LENGTH);
    assert(growth < 48 * 1024 * 1024, `Memory grows by ${growth} bytes`);
  });
}
