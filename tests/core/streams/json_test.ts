import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseJson, tryParseJson } from "../../../core/streams/json.ts";
import { StreamError } from "../../../core/streams/stream_error.ts";

function toCode(text: string): string {
  const error = assertThrows(() => parseJson(text), StreamError);
  assert(!Deno.inspect(error).includes("secret"));
  return error.code;
}

Deno.test("parseJson() parses", () => {
  assertEquals(parseJson(' {"a":[1,null,"}"]}\n'), { a: [1, null, "}"] });
});

Deno.test("parseJson() tells every cut of an object from what is no JSON", () => {
  const text = '{"secret":["\\"}",{"b":-1.5}],"c":"é😀\\u0041"}';
  for (let end = 0; end < text.length; end++) {
    assertEquals(toCode(text.slice(0, end)), "incomplete", text.slice(0, end));
  }
});

Deno.test("parseJson() takes what is whole but wrong for no JSON", () => {
  for (
    const text of ["<html>secret", "secret", "{'secret':1}", "[1,]", "{}}", "]"]
  ) assertEquals(toCode(text), "bad-response", text);
});

Deno.test("tryParseJson() does not begin what would take the platform seconds", () => {
  const long = "x".repeat(1_100_000);
  for (const part of ["{}", "[]", '{"a":1}']) {
    const parts = (count: number) => Array(count).fill(part);
    const text = `["${long}",${parts(99_990)}]`;
    assert(Array.isArray(tryParseJson(text)), `${part}: as many as may be`);
    assertEquals(tryParseJson(`["${long}",${parts(100_001)}]`), undefined);
    assert(Array.isArray(tryParseJson(`[${parts(100_001)}]`)), "short");
  }
  assert(Array.isArray(tryParseJson(`[${Array(600_000).fill(1)}]`)), "numbers");
});

Deno.test("tryParseJson() gives null for the numbers of Python", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['{"a":NaN,"b": -Infinity}', { a: null, b: null }],
    ["[1,NaN,Infinity]", [1, null, null]],
    ['{"a":"[NaN, -Infinity]\\"","b":NaN}', {
      a: '[NaN, -Infinity]"',
      b: null,
    }],
    ['{"a":"[NaN]", "b": no}', undefined],
    ['{"a":NaN,"b": no}', undefined],
    ['[NaN,"', undefined],
    ["[NaNs]", undefined],
  ];
  for (const [text, value] of cases) {
    assertEquals(tryParseJson(text), value, text);
  }
});

Deno.test("tryParseJson() takes each word of JSON for what it is", () => {
  for (const value of [true, false, null, 1, "words"]) {
    assertEquals(tryParseJson(JSON.stringify(value)), value);
  }
  for (const text of ["words", "True", "NaN", "undefined", "-"]) {
    assertEquals(tryParseJson(text), undefined);
  }
});
