import type { Chunking } from "../upstreams/chunking.ts";
import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, TOKENS } from "./fixture.ts";
import { withoutIds } from "./without_ids.ts";

/** What decoders stumble over: marks of byte order, and rare ends of lines. */
const ANSWER = [
  ...TOKENS,
  "\ufeffx\ufeff",
  "\u2028y\u0085",
  "👩‍👩‍👧 data: z\n\n",
  "q",
];

const TEXT = ANSWER.join("");

/** How many random cuts there are: in every place, or in some. */
const [ALL_SEEDS, SOME_SEEDS] = [20, 5];

/** What has to be the same: texts may be cut elsewhere, ids are new each time. */
async function readComparable(
  target: ConformanceTarget,
  chunking: Chunking | undefined,
): Promise<unknown> {
  const fixture = await createFixture(target, {
    // Every response is cut, not only that of the answer.
    plan: { path: "", chunking },
    answer: () => ANSWER,
  });
  const { events, text, error } = await readAll(fixture.stream());
  const name = JSON.stringify(chunking ?? "what comes as it is sent");
  checkEquals(error, undefined, `The error of ${name}`);
  checkEquals(text, TEXT, `The text of ${name}`);
  for (const event of events) {
    if (event.type !== "text" && event.type !== "reasoning") continue;
    check(event.text !== "", `A text event of ${name} is empty`);
    check(event.text.isWellFormed(), `A text event of ${name} is malformed`);
  }
  const reasoning = events.map((event) =>
    event.type === "reasoning" ? event.text : ""
  ).join("");
  const others = events
    .filter(({ type }) => type !== "text" && type !== "reasoning")
    .map((event) =>
      event.type === "conversation" ? event.type : withoutIds(event)
    );
  return { reasoning, others };
}

/** Checks that the answer is the same however its bytes are cut. */
async function checkChunkings(
  target: ConformanceTarget,
  chunkings: readonly Chunking[],
): Promise<void> {
  const expected = await readComparable(target, undefined);
  for (const chunking of chunkings) {
    checkEquals(
      await readComparable(target, chunking),
      expected,
      `What comes besides text of ${JSON.stringify(chunking)}`,
    );
  }
}

function toCase(
  name: string,
  chunkings: readonly Chunking[],
): CaseDefinition {
  return { name, run: (target) => checkChunkings(target, chunkings) };
}

/** How the network cuts the bytes makes no difference. */
export const CHUNK_LAW_CASES: readonly CaseDefinition[] = [
  toCase("answers the same in one piece", ["whole"]),
  toCase("answers the same byte by byte", ["bytes"]),
  toCase("answers the same with every character cut", ["characters"]),
  toCase("answers the same cut before each line feed", ["line-ends"]),
  toCase(
    "answers the same in pieces of 2, 3 and 7 bytes",
    [{ size: 2 }, { size: 3 }, { size: 7 }],
  ),
  {
    name: "answers the same in pieces of random sizes",
    run(target, { isThorough }) {
      const length = isThorough ? ALL_SEEDS : SOME_SEEDS;
      const chunkings = Array.from(
        { length },
        (_, index) => ({ seed: index + 1 }),
      );
      return checkChunkings(target, chunkings);
    },
  },
];
