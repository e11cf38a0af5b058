import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { LineSplitter } from "../../../core/streams/lines.ts";
import { toLines } from "../../../core/http/to_lines.ts";
import { createMemoryReader } from "../../../packages/testing/conformance/memory.ts";
import { TestBody, toBytes, toSingleBytes } from "../../_body.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { cutRandomly, randomInt } from "../../_random.ts";

async function read(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  return await Array.fromAsync(toLines(new TestBody(chunks).stream));
}

/** Splits whole text in the plainest way there is. */
function splitPlainly(text: string): string[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

Deno.test("toLines() ends a line with LF, CR LF or CR [F03]", async () => {
  assertEquals(await read("a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
  assertEquals(await read("\n\r\n\r"), ["", "", ""]);
  assertEquals(await read("a\n\rb"), ["a", "", "b"]);
  assertEquals(await read(""), []);
  assertEquals(await read(), []);
});

Deno.test("toLines() takes other line ends of Unicode for text [F17]", async () => {
  assertEquals(await read("a\u0085b\u2028c\u2029d\ve\f"), [
    "a\u0085b\u2028c\u2029d\ve\f",
  ]);
});

Deno.test("toLines() takes a CR LF over two chunks for one end [F02]", async () => {
  assertEquals(await read("a\r", "\nb\r", "\r", "\n", "c"), [
    "a",
    "b",
    "",
    "c",
  ]);
  assertEquals(await read("a\r", "", "\nb"), ["a", "b"]);
});

Deno.test("toLines() drops a byte order mark at the start only [F04]", async () => {
  assertEquals(await read("\ufeffa\n\ufeffb"), ["a", "\ufeffb"]);
  const bytes = toBytes("\ufeff\ufeffa");
  assertEquals(await read(...toSingleBytes(bytes)), ["\ufeffa"]);
});

Deno.test("toLines() replaces what is not UTF-8 [F16]", async () => {
  assertEquals(await read(new Uint8Array([97, 0xff, 10, 0xf0, 0x9f])), [
    "a\ufffd",
    "\ufffd",
  ]);
});

Deno.test("toLines() gives the same lines for every cut [F01] [F02] [F11]", async () => {
  const alphabet = ["\r", "\n", "\r\n", "a", "é", "😀", "\ufeff", ": "];
  const random = createRandom(5);
  for (let count = 0; count < 300; count++) {
    const text = Array.from(
      { length: randomInt(random, 40) },
      () => alphabet[randomInt(random, alphabet.length)],
    ).join("");
    const pieces = cutRandomly(toBytes(text), random);
    assertEquals(await read(...pieces), splitPlainly(text), text);
  }
});

Deno.test("toLines() refuses a line that is too long, after those before it", async () => {
  const body = new TestBody(["abc\nabcd", "e\n"]);
  const lines = toLines(body.stream, { eventLength: 4 });
  assertEquals((await lines.next()).value, "abc");
  const { code } = await assertRejects(() => lines.next(), ProviderError);
  assertEquals(code, "too-large");
  assert(body.isCancelled);
});

Deno.test("toLines() takes a line as long as the limit", async () => {
  const { stream } = new TestBody(["ab", "cd\nabcd\nab", "c"]);
  const lines = toLines(stream, { eventLength: 4 });
  assertEquals(await Array.fromAsync(lines), ["abcd", "abcd", "abc"]);
});

Deno.test("toLines() gives the last line before the body breaks off", async () => {
  const body = new TestBody(["a\nb"], new TypeError("reset"));
  const lines = toLines(body.stream);
  assertEquals((await lines.next()).value, "a");
  await assertRejects(() => lines.next(), TypeError, "reset");
});

Deno.test("LineSplitter drops a line that is to be ignored, unread [F05] [F10]", () => {
  const lines: string[] = [];
  const splitter = new LineSplitter({
    allowCr: false,
    eventLength: 10,
    ignore: (beginning) => beginning.startsWith("#"),
  });
  splitter.push(toBytes("a\n#"), (line) => lines.push(line));
  for (let count = 0; count < 100; count++) {
    splitter.push(toBytes("x".repeat(9)), (line) => lines.push(line));
  }
  splitter.push(toBytes("\nb\nc"), (line) => lines.push(line));
  assertEquals(lines, ["a", "b"]);
  assertEquals(splitter.end(), "c");
});

Deno.test("LineSplitter keeps a CR where only LF ends a line", () => {
  const lines: string[] = [];
  const splitter = new LineSplitter({ allowCr: false });
  splitter.push(toBytes("a\rb\r\nc"), (line) => lines.push(line));
  assertEquals(lines, ["a\rb\r"]);
  assertEquals(splitter.end(), "c");
});

Deno.test("LineSplitter keeps nothing of a long piece but the line that goes on", async () => {
  const readMemory = await createMemoryReader();
  const piece = toBytes(`${"x".repeat(16_000)}\n${"y".repeat(100)}`);
  const before = readMemory?.() ?? 0;
  const splitters = Array.from({ length: 200 }, () => {
    const splitter = new LineSplitter({ allowCr: true });
    splitter.push(piece, (line) => assertEquals(line.length, 16_000));
    return splitter;
  });
  assertLess((readMemory?.() ?? 0) - before, 200 * 8_000);
  for (const splitter of splitters) assertEquals(splitter.end().length, 100);
});
