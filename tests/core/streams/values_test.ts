import { assert, assertEquals, assertFalse } from "@std/assert";
import { runInNewContext } from "node:vm";
import {
  isBytes,
  isError,
  isNumber,
  isObject,
  isString,
  isUrl,
  list,
  nullish,
  object,
} from "../../../core/streams/values.ts";

Deno.test("isString(), isNumber() and isObject() tell JSON values apart", () => {
  const values = ["", 0, {}, [], null, true, undefined];
  const tell = (shape: (value: unknown) => boolean) => values.filter(shape);
  assertEquals(tell(isString), [""]);
  assertEquals(tell(isNumber), [0]);
  assertEquals(tell(isObject), [{}]);
});

Deno.test("nullish() allows a value to be missing, but not to be another", () => {
  const shape = nullish(isString);
  assertEquals(["a", null, undefined].every(shape), true);
  assertEquals([0, false, {}].some(shape), false);
});

Deno.test("list() wants every item to have the shape", () => {
  const shape = list(isString);
  assertEquals(shape([]), true);
  assertEquals(shape(["a", "b"]), true);
  assertEquals(shape(["a", 1]), false);
  assertEquals(shape({ length: 0 }), false);
});

Deno.test("object() wants the named properties and leaves the others alone", () => {
  const shape = object({ a: isString, b: nullish(isNumber) });
  assertEquals(shape({ a: "x", c: [] }), true);
  assertEquals(shape({ a: "x", b: "1" }), false);
  assertEquals(shape({ b: 1 }), false);
  assertEquals(shape(null), false);
});

Deno.test("object() takes nothing from a prototype [C05] [F22]", () => {
  assertEquals(object({ a: isString })(Object.create({ a: "x" })), false);
  const shape = object({ toString: nullish(isString) });
  assertEquals(shape({}), true);
});

Deno.test("isBytes(), isUrl() and isError() know the values of every realm", () => {
  const bytes = runInNewContext("new Uint8Array(2)");
  const error = runInNewContext("new TypeError('no')");
  assertFalse(bytes instanceof Uint8Array || error instanceof Error);
  assert(isBytes(bytes) && isBytes(new Uint8Array(1)));
  assert(isError(error) && isError(new DOMException("no")));
  assert(isUrl(new URL("https://chat.example")));
  for (const value of [null, "x", [1], { href: 1 }, new Uint16Array(2)]) {
    assertFalse(isBytes(value) || isUrl(value) || isError(value));
  }
});
