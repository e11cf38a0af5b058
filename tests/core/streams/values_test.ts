import { assert, assertEquals, assertFalse } from "@std/assert";
import { runInNewContext } from "node:vm";
import {
  getOwn,
  isBytes,
  isError,
  isFilled,
  isNullish,
  isNumber,
  isObject,
  isString,
  isUrl,
  withoutUndefined,
} from "../../../core/streams/values.ts";

Deno.test("isString() and the others tell JSON values apart", () => {
  const values = ["", "a", 0, {}, [], null, true, undefined];
  for (
    const [is, expected] of [
      [isString, ["", "a"]],
      [isFilled, ["a"]],
      [isNumber, [0]],
      [isObject, [{}]],
      [isNullish, [null, undefined]],
    ] as const
  ) assertEquals(values.filter((value) => is(value)), [...expected], is.name);
});

Deno.test("getOwn() takes nothing from a prototype [C05] [F22]", () => {
  assertEquals(getOwn({ a: "x" }, "a"), "x");
  assertEquals(getOwn({}, "toString"), undefined);
});

Deno.test("withoutUndefined() leaves out what is undefined", () => {
  assertEquals(Object.keys(withoutUndefined({ a: null, b: undefined })), ["a"]);
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
