// How often a reader waits does not depend on the machine: a stable measure of
// what each network piece and each event costs.
import { assertLessOrEqual } from "@std/assert";
import { FakeClock } from "@parley/testing";
import { type ChatStream, createAmigoChat } from "../../mod.ts";
import { cut, toOpenAiBytes, toResponse } from "./_bodies.ts";

/** Counts how often the queue of microtasks comes round meanwhile. */
async function countTurns(run: () => Promise<void>): Promise<number> {
  let turns = 0;
  let isDone = false;
  function turn(): void {
    turns++;
    // What waits for anything but promises would never come to its turn.
    isDone ||= turns > 1_000_000;
    if (!isDone) queueMicrotask(turn);
  }
  queueMicrotask(turn);
  await run();
  isDone = true;
  return turns;
}

function chat(events: number, pieceSize: number): ChatStream {
  const pieces = cut(toOpenAiBytes(events), pieceSize);
  return createAmigoChat({
    // One that runs lets others have their turn where much is read.
    clock: new FakeClock(),
    fetch: () => Promise.resolve(toResponse(pieces)),
  }).stream("Hello");
}

async function loop(events: number, pieceSize: number): Promise<void> {
  for await (const _event of chat(events, pieceSize));
}

async function collect(events: number, pieceSize: number): Promise<void> {
  await chat(events, pieceSize).text();
}

async function readBatches(events: number, pieceSize: number): Promise<void> {
  for await (const _events of chat(events, pieceSize).batches());
}

// The runtime loads what it needs when it is first used.
await loop(10, 1_000);

Deno.test("a loop waits once for each event", async () => {
  const few = await countTurns(() => loop(1_000, 16_000));
  const many = await countTurns(() => loop(2_000, 16_000));
  // Among a thousand events are ten network pieces.
  assertLessOrEqual(many - few, 1_100);
});

Deno.test("a collected answer waits for pieces, not for events", async () => {
  const few = await countTurns(() => collect(1_000, 16_000));
  const many = await countTurns(() => collect(1_090, 16_000));
  // One more piece, whatever is in it.
  assertLessOrEqual(many - few, 10);
});

Deno.test("a network piece costs nine waits, and eleven as a batch", async () => {
  for (
    const [read, waits] of [[collect, 9], [loop, 9], [readBatches, 11]] as const
  ) {
    const few = await countTurns(() => read(2_000, 16_800));
    const many = await countTurns(() => read(2_000, 1_680));
    assertLessOrEqual((many - few) / 180, waits);
  }
});
