import { assert, assertEquals, assertRejects } from "@std/assert";
import { createBodyReader } from "../../../core/streams/body_reader.ts";
import {
  decodeBody,
  DecodedBatches,
  type Decoder,
} from "../../../core/streams/decoded_body.ts";
import { TestBody } from "../../_body.ts";

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
  const batches = new DecodedBatches(
    createBodyReader(test.stream),
    new TestDecoder(),
  );
  return {
    body: test,
    batches,
    next: async () => (await batches.next()).value,
  };
}

Deno.test("DecodedBatches gives one batch for each piece that completes any item", async () => {
  const { body, next } = create(["ab", "1", "2", "c"]);
  assertEquals(await next(), ["a", "b"]);
  assertEquals(body.pulls, 1);
  assertEquals(await next(), ["c"]);
  assertEquals(body.pulls, 4);
  assertEquals(await next(), ["12"]);
  assertEquals(await next(), undefined);
  assertEquals(await next(), undefined);
});

Deno.test("DecodedBatches gives the items before a failure, then fails once", async () => {
  const { body, next } = create(["ab!c", "d"]);
  assertEquals(await next(), ["a", "b"]);
  assert(body.isCancelled);
  await assertRejects(next, RangeError, "letter");
  assertEquals(await next(), undefined);
});

Deno.test("DecodedBatches fails as its body does", async () => {
  const { next } = create(["a"], new TypeError("reset"));
  assertEquals(await next(), ["a"]);
  await assertRejects(next, TypeError, "reset");
});

Deno.test("DecodedBatches cancels the body when its loop is left [A10]", async () => {
  const { body, batches, next } = create(["a"], "hang");
  for await (const batch of batches) {
    assertEquals(batch, ["a"]);
    break;
  }
  assert(body.isCancelled);
  assertEquals(await next(), undefined);
});

Deno.test("decodeBody() ends a read that waits when it is left", async () => {
  const body = new TestBody([], "hang");
  const items = decodeBody(body.stream, new TestDecoder());
  const waiting = items.next();
  await items.return?.();
  assertEquals(await waiting, { done: true, value: undefined });
  assert(body.isCancelled);
});
