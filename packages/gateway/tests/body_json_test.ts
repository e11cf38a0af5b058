import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { TestBody } from "../../../tests/_body.ts";
import { createReader, JSON_TYPE, toCode } from "./_body_reader.ts";

Deno.test("readBody() refuses what is no JSON object, and does not repeat it [W09]", async () => {
  const { bodies, post } = createReader();
  const wrong = [
    "",
    "hunter2",
    '{"a":"hunter2"',
    '["hunter2"]',
    '"hunter2"',
    "42",
    "null",
    '{"__proto__":{"hunter2":1}}',
    '{"a":[{"\\u005f_proto__":"hunter2"}]}',
    '{"__proto__" \n : 1, "hunter2": 1}',
    '{"__pr\\u006Fto__":{"hunter2":1}}',
    '{"__\\u0070\\u0072o\\u0074o__":{"hunter2":1}}',
    '{"a":"hunter2"}{}',
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  ];
  for (const body of wrong) {
    const response = await post(body);
    assertEquals(response.status, 400, String(body));
    const text = await response.text();
    assertFalse(text.includes("hunter2"), text);
    assertEquals(JSON.parse(text).error.type, "invalid_request_error");
  }
  assertEquals(bodies, []);
});

Deno.test("readBody() refuses JSON that is nested too deep to be written [W09]", async () => {
  const { bodies, post } = createReader({ bodyBytes: 1_000_000 });
  const nest = (depth: number) => {
    const half = depth / 2;
    return `{"a":${'[{"b":'.repeat(half)}1${"}]".repeat(half)}}`;
  };
  for (const depth of [1_000, 100_000]) {
    assertEquals((await post(nest(depth))).status, 400, `${depth}`);
  }
  assertEquals(bodies, []);
  assertEquals((await post(nest(998))).status, 200);
});

Deno.test("readBody() refuses more numbers in quotes than can be looked up [W09]", async () => {
  const { bodies, post } = createReader({ bodyBytes: 1_000_000 });
  const keys = (count: number, toKey: (index: number) => string) =>
    `{"a":{${
      Array.from({ length: count }, (_, index) => `"${toKey(index)}" :1`)
    }}}`;
  const plain = (index: number) => `${index * 65_536}`;
  const escaped = (index: number) =>
    plain(index).replaceAll(/\d/g, (digit) => `\\u003${digit}`);
  const list = JSON.stringify({
    a: Array.from({ length: 1_001 }, (_, index) => `${index}`),
  });
  for (const body of [keys(1_001, plain), keys(1_001, escaped), list]) {
    assertEquals((await post(body)).status, 400);
  }
  assertEquals(bodies, []);
  assertEquals((await post(keys(1_000, plain))).status, 200);
  assertEquals((await post(keys(5_000, (index) => `k${index}`))).status, 200);
});

Deno.test("readBody() takes __proto__ where it is no key", async () => {
  const { bodies, post } = createReader();
  const taken = [
    { a: "__proto__ _" },
    { a: '{"__proto__":1}' },
    { a: "__proto__" },
    { "__PROTO__": 1 },
    { "proto": 1 },
  ];
  for (const body of taken) await post(JSON.stringify(body));
  assertEquals(bodies, taken);
});

Deno.test("readBody() refuses other content types [W09]", async () => {
  const { bodies, post } = createReader();
  const wrong = [
    "text/plain",
    "application/jsonl",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/json",
    "",
  ];
  for (const type of wrong) {
    const body = new TestBody(["{}"]);
    const response = await post(body.stream, { "content-type": type });
    assertEquals(
      await toCode(response),
      "415 invalid_request_error unsupported_media_type",
    );
    assertEquals(body.pulls, 0);
  }
  const response = await post("{}", {
    ...JSON_TYPE,
    "content-encoding": "gzip",
  });
  assertEquals(response.status, 415);
  assertStringIncludes(await response.text(), "content-type: application/json");
  assertEquals(bodies, []);
});

Deno.test("readBody() takes JSON by its other names", async () => {
  const { bodies, post } = createReader();
  for (
    const type of [
      "application/json; charset=utf-8",
      "Application/JSON",
      "application/vnd.api+json",
    ]
  ) {
    assertEquals((await post("{}", { "content-type": type })).status, 200);
  }
  assertEquals(bodies, [{}, {}, {}]);
});

Deno.test("readBody() takes a body that is said not to be encoded", async () => {
  const { post } = createReader();
  const headers = { ...JSON_TYPE, "content-encoding": "Identity" };
  assertEquals((await post("{}", headers)).status, 200);
});
