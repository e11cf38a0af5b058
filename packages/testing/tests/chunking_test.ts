import { assertEquals } from "@std/assert";
import { type Chunking, rechunk } from "../mod.ts";
import { concatBytes, toBytes } from "../../../tests/_body.ts";

const TEXT = "data: Grüße 👋🏽\r\n\r\ndata: 日本\n\n";

async function cut(chunking: Chunking, pieces = [toBytes(TEXT)]) {
  return await Array.fromAsync(rechunk(pieces, chunking));
}

const CHUNKINGS: readonly Chunking[] = [
  "whole",
  "bytes",
  "characters",
  "line-ends",
  { size: 3 },
  { seed: 7 },
];

for (const chunking of CHUNKINGS) {
  Deno.test(`rechunk() keeps every byte, cut by ${JSON.stringify(chunking)}`, async () => {
    const half = toBytes(TEXT).subarray(0, 9);
    const rest = toBytes(TEXT).subarray(9);
    const pieces = await cut(chunking, [half, new Uint8Array(), rest]);
    assertEquals(concatBytes(pieces), toBytes(TEXT));
    assertEquals(pieces.some(({ length }) => length === 0), false);
  });
}

Deno.test("rechunk() makes one piece of all", async () => {
  const pieces = await cut("whole", [toBytes("a"), toBytes("bc")]);
  assertEquals(pieces, [toBytes("abc")]);
  assertEquals(await cut("whole", []), []);
});

Deno.test("rechunk() makes a piece of each byte", async () => {
  assertEquals((await cut("bytes")).length, toBytes(TEXT).length);
});

Deno.test("rechunk() cuts inside of every character of more than one byte", async () => {
  const pieces = await cut("characters", [toBytes("aéb😀c")]);
  assertEquals(pieces.map((piece) => piece.length), [2, 3, 1, 1, 2]);
});

Deno.test("rechunk() cuts before every line feed", async () => {
  const pieces = await cut("line-ends", [toBytes("a\r\n\r\nb\n\n")]);
  const texts = pieces.map((piece) => new TextDecoder().decode(piece));
  assertEquals(texts, ["a\r", "\n\r", "\nb", "\n", "\n"]);
});

Deno.test("rechunk() makes pieces of a size, the last one of what is left", async () => {
  const pieces = await cut({ size: 3 }, [toBytes("abcdefgh")]);
  assertEquals(pieces.map((piece) => piece.length), [3, 3, 2]);
});

Deno.test("rechunk() cuts alike for a seed, and otherwise for another", async () => {
  const [first, again, other] = [
    await cut({ seed: 1 }),
    await cut({ seed: 1 }),
    await cut({ seed: 2 }),
  ];
  assertEquals(first, again);
  assertEquals(first.length !== other.length, true);
});
