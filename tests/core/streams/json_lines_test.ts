import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { toJsonLines } from "../../../core/http/to_json_lines.ts";
import { TestBody } from "../../_body.ts";
import {
  readVectors,
  type Recipe,
  toChunkings,
  toGeneratedChunks,
  type VectorInput,
} from "../../_vectors.ts";

interface Vectors {
  readonly cases: readonly (VectorInput & {
    readonly name: string;
    readonly values?: readonly unknown[];
    readonly valueCount?: number;
    readonly outcome: string;
  })[];
  readonly generated: readonly (Recipe & {
    readonly name: string;
    readonly outcome: string;
  })[];
}

/** Cases whose lines are all JSON, though they are no answer. */
const ONLY_ANSWER_IS_WRONG = [
  "eof-before-final-answer",
  "value-is-not-an-object",
  "value-is-null",
  "token-is-a-number",
  "token-missing",
];

const { cases, generated } = await readVectors<Vectors>("ndjson");

/** Reads on to the end or an error. */
async function readAll(body: ReadableStream<Uint8Array>) {
  const values: unknown[] = [];
  try {
    for await (const value of toJsonLines(body)) values.push(value);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { values, code: error.code };
  }
  return { values, code: undefined };
}

for (const { name, values, valueCount, outcome, ...input } of cases) {
  const code = ONLY_ANSWER_IS_WRONG.includes(name)
    ? undefined
    : { truncated: "incomplete", malformed: "bad-response" }[outcome];
  Deno.test(`toJsonLines() splits at LF only: ${name}`, async () => {
    for (const { how, chunks } of toChunkings(input)) {
      const actual = await readAll(new TestBody(chunks).stream);
      assertEquals(actual.code, code, how);
      if (values !== undefined) assertEquals(actual.values, values, how);
      // The count is of what an answer needs: later lines may be JSON as well.
      else if (!ONLY_ANSWER_IS_WRONG.includes(name)) {
        assertEquals(actual.values.length, valueCount, how);
      }
    }
  });
}

for (const { name, outcome, ...recipe } of generated) {
  Deno.test(`toJsonLines() is bounded: ${name}`, async () => {
    const body = new TestBody(toGeneratedChunks(recipe));
    const { values, code } = await readAll(body.stream);
    if (outcome === "limit") {
      assertEquals({ values, code }, { values: [], code: "too-large" });
      assert(body.isCancelled);
    } else if (outcome === "complete") {
      assertEquals(values.length, recipe.count + 1);
      assertEquals(code, undefined);
    } else {
      // 32 Mi blanks are as many as one line may have.
      assertEquals(values, []);
    }
  });
}

Deno.test("toJsonLines() refuses a line that is not JSON, after those before it [F20]", async () => {
  const body = new TestBody(['1\n"secret\n2\n']);
  const lines = toJsonLines(body.stream);
  assertEquals((await lines.next()).value, 1);
  const error = await assertRejects(() => lines.next(), ProviderError);
  assertEquals(error.code, "bad-response");
  assert(!Deno.inspect(error).includes("secret"));
  assert(body.isCancelled);
});

Deno.test("toJsonLines() tells a cut last line from one that is not JSON", async () => {
  const read = (text: string) => readAll(new TestBody([text]).stream);
  assertEquals((await read('{"a":[1,')).code, "incomplete");
  assertEquals((await read('{"a":"}')).code, "incomplete");
  assertEquals((await read("<html>")).code, "bad-response");
  assertEquals((await read('{"a":[1,\n')).code, "bad-response");
});

Deno.test("toJsonLines() refuses white space that is not JSON's", async () => {
  const { stream } = new TestBody(["\u00a0\n"]);
  assertEquals((await readAll(stream)).code, "bad-response");
});

Deno.test("toJsonLines() stops at the limit it is given [F10]", async () => {
  const body = new TestBody(["[1,2]\n", "[1,2,3]\n", "[]\n"]);
  const lines = toJsonLines(body.stream, { eventLength: 5 });
  assertEquals((await lines.next()).value, [1, 2]);
  const error = await assertRejects(() => lines.next(), ProviderError);
  assertEquals(error.code, "too-large");
  assertEquals(body.pulls, 2);
});

Deno.test("toJsonLines() takes a CR inside of a value for white space", async () => {
  const { stream } = new TestBody(['{"a":\r1}\r\n[2,\r3]']);
  assertEquals((await readAll(stream)).values, [{ a: 1 }, [2, 3]]);
});
