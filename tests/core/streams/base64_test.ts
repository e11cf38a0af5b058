import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodeBase64 as encodePortably } from "@std/encoding/base64";
import { decodeBase64, encodeBase64 } from "../../../core/streams/base64.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { randomInt } from "../../_random.ts";

/** Runs without the methods that newer runtimes have. */
function withoutNative(test: () => void): void {
  const names = [
    [Uint8Array.prototype, "toBase64"],
    [Uint8Array, "fromBase64"],
  ] as const;
  const saved = names.map(([owner, name]) =>
    Object.getOwnPropertyDescriptor(owner, name)
  );
  for (const [owner, name] of names) Reflect.deleteProperty(owner, name);
  try {
    test();
  } finally {
    names.forEach(([owner, name], index) => {
      Object.defineProperty(owner, name, saved[index] ?? {});
    });
  }
}

function testRoundTrip(): void {
  const random = createRandom(11);
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from(
      { length },
      () => randomInt(random, 256),
    );
    const text = encodeBase64(bytes);
    assertEquals(text, encodePortably(bytes));
    assertEquals(decodeBase64(text), bytes);
  }
}

function testRefusal(): void {
  for (const text of ["@@@", "A", "-_-_", "AQ=I", "AQID=", "secret!"]) {
    const { message } = assertThrows(() => decodeBase64(text), TypeError);
    assert(!message.includes(text));
  }
}

Deno.test("encodeBase64() and decodeBase64() undo each other", testRoundTrip);

Deno.test("encodeBase64() and decodeBase64() need no newer runtime", () => {
  withoutNative(() => {
    testRoundTrip();
    testRefusal();
  });
  assert("toBase64" in Uint8Array.prototype);
});

Deno.test("encodeBase64() writes text as UTF-8, and half a pair as U+FFFD [V06] [V07]", () => {
  assertEquals(encodeBase64("é"), "w6k=");
  assertEquals(encodeBase64("\ud83d"), encodeBase64("\ufffd"));
});

Deno.test("encodeBase64() encodes only the view it is given", () => {
  const bytes = new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4);
  assertEquals(encodeBase64(bytes), "AQID");
});

Deno.test("decodeBase64() takes white space and no padding", () => {
  const expected = new Uint8Array([1, 2]);
  assertEquals(decodeBase64("AQI="), expected);
  assertEquals(decodeBase64("AQI"), expected);
  assertEquals(decodeBase64(" A\tQ\r\nI\f= "), expected);
  assertEquals(decodeBase64(""), new Uint8Array());
});

Deno.test(
  "decodeBase64() refuses what is no base64, without repeating it",
  testRefusal,
);
