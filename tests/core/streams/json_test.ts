import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseJson } from "../../../core/streams/json.ts";
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
