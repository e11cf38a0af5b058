import { assert, assertEquals, assertRejects } from "@std/assert";
import { createBodyReader } from "../../core/body_reader.ts";
import { createDecodedBody, type Decoder } from "../../core/decoded_body.ts";
import { TestBody } from "../_body.ts";

/** Gives every letter, holds back digits for the end, and fails at `!`. */
class TestDecoder implements Decoder<string> {
  #held = "";

  decode(piece: Uint8Array | undefined, items: string[]): void {
    if (piece === undefined) {
      if (this.#held !== "") items.push(this.#held);
      return;
    }
    for (const letter of new TextDecoder().decode(piece)) {
      if (letter === "!") throw new RangeError("letter");
      if (/\d/.test(letter)) this.#held += letter;
      else items.push(letter);
    }
  }
}

function create(...body: ConstructorParameters<typeof TestBody>) {
  const test = new TestBody(...body);
  const decoded = createDecodedBody(
    createBodyReader(test.stream),
    new TestDecoder(),
  );
  return { body: test, decoded };
}

Deno.test("DecodedBody gives one batch for each piece that completes any item", async () => {
  const { body, decoded } = create(["ab", "1", "2", "c"]);
  assertEquals(await decoded.next(), ["a", "b"]);
  assertEquals(body.pulls, 1);
  assertEquals(await decoded.next(), ["c"]);
  assertEquals(body.pulls, 4);
  assertEquals(await decoded.next(), ["12"]);
  assertEquals(await decoded.next(), undefined);
  assertEquals(await decoded.next(), undefined);
});

Deno.test("DecodedBody gives the items before a failure, then fails once", async () => {
  const { body, decoded } = create(["ab!c", "d"]);
  assertEquals(await decoded.next(), ["a", "b"]);
  await assertRejects(() => decoded.next(), RangeError, "letter");
  assertEquals(await decoded.next(), undefined);
  assert(body.isCancelled);
});

Deno.test("DecodedBody fails as its body does", async () => {
  const { decoded } = create(["a"], new TypeError("reset"));
  assertEquals(await decoded.next(), ["a"]);
  await assertRejects(() => decoded.next(), TypeError, "reset");
});

Deno.test("DecodedBody cancels the body when its loop is left [A10]", async () => {
  const { body, decoded } = create(["a"], "hang");
  for await (const batch of decoded) {
    assertEquals(batch, ["a"]);
    break;
  }
  assert(body.isCancelled);
  assertEquals(await decoded.next(), undefined);
});

Deno.test("DecodedBody.close() ends a read that waits", async () => {
  const { body, decoded } = create([], "hang");
  const waiting = decoded.next();
  await decoded.close();
  assertEquals(await waiting, undefined);
  assert(body.isCancelled);
});
