import { assertEquals } from "@std/assert";
import { SimilarLines } from "../../../core/streams/similar_lines.ts";
import { isFilled, isObject } from "../../../core/streams/values.ts";

function find(value: unknown) {
  return isObject(value) && isFilled(value.text)
    ? { type: "text" as const, text: value.text }
    : undefined;
}

/** Reads lines as their users do, and tells which had to be parsed. */
function read(lines: readonly string[], padding = "") {
  const similar = new SimilarLines(find, { padding, unread: ["pad"] });
  return lines.map((line) => {
    const found = similar.read(line);
    if (found !== undefined) return found.text;
    try {
      similar.learn(line, JSON.parse(line));
    } catch {
      // It is no JSON.
    }
    return undefined;
  });
}

Deno.test("SimilarLines reads what is like two lines before", () => {
  const insides = [
    ...[
      "c",
      " c ",
      "é",
      "\\u00e9",
      '\\"',
      "\\\\",
      "\\ud83d",
      "😀",
      "long".repeat(9),
    ],
    ...["a", "b", ":", "}", ' \\"text\\":\\"x'],
  ];
  for (
    const [head, tail] of [
      ['{"text":"', '"}'],
      [' { "id" : 1, "\\"text" : "\\\\", "text" :\t"', '" , "n" : [ null ] } '],
      ['{"text":"x","text":"', '"}'],
      ['{"__proto__":{"text":1},"text":"', '"}'],
      ['{"a:":"\\\\","text":"', '","b":"\\\\"}'],
    ]
  ) {
    const toLine = (inside: string) => `${head}${inside}${tail}`;
    const found = read(["a", "b", ...insides].map(toLine));
    const texts = insides.map((inside) => JSON.parse(toLine(inside)).text);
    assertEquals(found, [undefined, undefined, ...texts], head);
  }
});

Deno.test("SimilarLines leaves what nobody reads unread", () => {
  const toLine = (index: number) =>
    `{"n":${index + 1},"text":"t${index}","again": "t${index}",` +
    `"pad": "${"x".repeat(index + 1)}","m":[0.${index + 1}e3,-${index + 7}]}`;
  const similar = new SimilarLines(find, { unread: ["pad"] });
  const lines = Array.from({ length: 5 }, (_, index) => toLine(index));
  for (const line of lines.slice(0, 2)) {
    assertEquals(similar.read(line), undefined);
    similar.learn(line, JSON.parse(line));
  }
  assertEquals(similar.takeLast(), undefined);
  for (const index of [2, 3, 4]) {
    assertEquals(similar.read(toLine(index))?.text, `t${index}`);
  }
  assertEquals(similar.takeLast(), JSON.parse(toLine(4)));
  assertEquals(similar.takeLast(), undefined);
  for (
    const [what, other] of [
      ['"n":6', '"n":0'],
      ['"n":6', '"n":06'],
      ['"n":6', '"n":'],
      ['"again": "t5"', '"again": "t6"'],
      ['"pad": "xxxxxx"', '"pad": ""'],
      ['"pad": "xxxxxx"', '"pad": "x\n"'],
      ["-12", "-12.5"],
    ] as const
  ) {
    const line = toLine(5).replace(what, other);
    assertEquals(read([...lines, line]).at(-1), undefined, line);
  }
});

const LINES = ['{"text":"a"}', '{"text":"b"}'];

Deno.test("SimilarLines has parsed what only looks alike", () => {
  for (
    const line of [
      ...['{"text":""}', '{"text":"\\"}', '{"text":"\\x"}', '{"text":"\t"}'],
      ...['{"text":"a","text":"b"}', '{"text":"a","error":"b"}', '{"text":"'],
      ...[
        '{"text":"a"} ',
        ' {"text":"a"}',
        '{"text":1}',
        '{"text":"a"',
        "",
        '"}',
      ],
    ]
  ) {
    assertEquals(read([...LINES, line, line]).at(-1), undefined, line);
  }
});

Deno.test("SimilarLines learns nothing of other strings", () => {
  for (
    const [one, other, third] of [
      // Another string, a name, a number, and one that another hides.
      ['{"a":"1","text":"x"}', '{"a":"2","text":"x"}', '{"a":"3","text":"x"}'],
      ['{"text":"x","a":1}', '{"text":"x","b":1}', '{"text":"x","c":1}'],
      ['{"text":"x","x":1}', '{"text":"y","y":1}', '{"text":"z","z":1}'],
      ['{"a":"1","text":"x"}', '{"a":"2","text":"y"}', '{"a":"3","text":"z"}'],
      [
        '{"pad":"","text":"x"}',
        '{"pad":"2","text":"y"}',
        '{"pad":"","text":"z"}',
      ],
      ['{"n":0,"text":"1"}', '{"n":2,"text":"2"}', '{"n":3,"text":"3"}'],
      [
        '{"text":"a","text":"x"}',
        '{"text":"b","text":"x"}',
        '{"text":"c","text":"x"}',
      ],
      ['{"text":"a"}', '{"text":"a"}', '{"text":"a"}'],
      [
        '{"text":"a","text":"b"}',
        '{"text":"a","b":"b"}',
        '{"text":"a","c":"b"}',
      ],
      ["[]", "{}", "1"],
    ] as const
  ) {
    assertEquals(read([one, other, third]).at(-1), undefined, third);
  }
});

Deno.test("SimilarLines compares again after other lines", () => {
  const other = '{"usage":{}}';
  const lines = [other, ...LINES, LINES[0], other, ...LINES, LINES[0]];
  const found = read([...lines, ...LINES].map(String));
  assertEquals(found.slice(-2), ["a", "b"]);
});

Deno.test("SimilarLines leaves out padding", () => {
  const texts = [
    "a\\0",
    "b\\0",
    "c\\0\\0",
    "d",
    "\\te\\0",
    "f\\0.",
    "\\\\u0000",
    "g\\u0000".repeat(70),
    "\\0",
  ].map((text) => text.replaceAll("\\0", "\\u0000"));
  const found = read(texts.map((text) => `{"text":"${text}"}`), "\\u0000");
  assertEquals(
    found.map((text) => text?.replace(/\0+$/, "")),
    [
      undefined,
      undefined,
      "c",
      "d",
      "\te",
      "f\0.",
      "\\u0000",
      "g\0".repeat(70).slice(0, -1),
      undefined,
    ],
  );
});
