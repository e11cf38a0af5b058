import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import {
  addSecret,
  cleanCause,
  cleanText,
  createRedactor,
  type Redactor,
} from "../../../core/http/redactor.ts";

const KEY = "sk-0123456789abcdef";

function create(...secrets: readonly string[]): Redactor {
  const redactor = createRedactor();
  for (const secret of secrets) addSecret(redactor, secret);
  return redactor;
}

Deno.test("cleanText() takes out every secret", () => {
  const redactor = create(KEY, "c0ffee");
  assertEquals(
    cleanText(redactor, `Bad key ${KEY}, session c0ffee; again ${KEY}`),
    "Bad key [redacted], session [redacted]; again [redacted]",
  );
});

Deno.test("cleanText() leaves short words alone", () => {
  assertEquals(cleanText(create("key", ""), "Bad key"), "Bad key");
});

Deno.test("cleanText() takes out a secret whole that begins like another", () => {
  assertEquals(cleanText(create("abcd", "abcdefgh"), "abcdefgh"), "[redacted]");
});

Deno.test("cleanText() takes out a secret with white space", () => {
  const redactor = create("my  secret\tvalue");
  assertEquals(
    cleanText(redactor, "Bad: my  secret\tvalue"),
    "Bad: [redacted]",
  );
});

Deno.test("cleanText() leaves no part of a secret at any border", () => {
  const redactor = create(KEY);
  for (let before = 0; before < 1000; before++) {
    const cleaned = cleanText(redactor, `${".".repeat(before)}${KEY}`);
    assert(!cleaned.includes("sk-0"), cleaned);
  }
});

Deno.test("cleanText() leaves no part of a secret after much white space", () => {
  const redactor = create(KEY);
  for (let before = 700; before < 900; before++) {
    const cleaned = cleanText(redactor, `x${" ".repeat(before)}${KEY}`);
    assert(!cleaned.includes("sk-0"), `${before}: ${cleaned}`);
  }
});

Deno.test("cleanText() leaves no part of a long secret that is repeated", () => {
  const secret = Array.from({ length: 75 }, (_, index) => `k${100 + index}`)
    .join("");
  const cleaned = cleanText(create(secret), secret.repeat(3));
  assert(!cleaned.includes("k100"), cleaned);
});

Deno.test("cleanText() gives one line of at most 200 characters [K10]", () => {
  const redactor = create();
  assertEquals(cleanText(redactor, "  a\r\n\tb\u0085c\0d\u007f "), "a b c d");
  assertEquals(cleanText(redactor, "\u001b[31mred\u001b[0m"), "red");
  assertEquals(cleanText(redactor, "x".repeat(200)), "x".repeat(200));
  assertEquals(cleanText(redactor, "x".repeat(201)), `${"x".repeat(199)}…`);
  assertEquals(cleanText(redactor, " \n"), "");
});

Deno.test("cleanText() never cuts a pair in half", () => {
  for (let before = 190; before < 200; before++) {
    const cleaned = cleanText(
      create(),
      `${"x".repeat(before)}${"😀".repeat(20)}`,
    );
    assertLessOrEqual(cleaned.length, 200);
    assert(cleaned.isWellFormed());
  }
});

Deno.test("cleanText() takes credentials and queries out of URLs [K06]", () => {
  assertEquals(
    cleanText(
      create(),
      'GET https://user:password@chat.example/a?key=1#x failed ("wss://b.example/?t=2")',
    ),
    'GET https://chat.example/a failed ("wss://b.example/")',
  );
});

Deno.test("cleanText() takes out what it shares with a prompt", () => {
  const redactor = create();
  redactor.prompts.push("What is the best way to hide a birthday present?");
  assertEquals(
    cleanText(
      redactor,
      'Refused: "best way to hide a birthday present" (code 5)',
    ),
    'Refused: "[redacted]" (code 5)',
  );
  assertEquals(cleanText(redactor, "What is this?"), "What is this?");
});

Deno.test("cleanText() takes out 16 shared characters, also at the end", () => {
  const redactor = create();
  redactor.prompts.push("abcdefghijklmnopqrstuvwxyz");
  assertEquals(
    cleanText(redactor, "Echo: cdefghijklmnopqr"),
    "Echo: [redacted]",
  );
  assertEquals(
    cleanText(redactor, "Echo: cdefghijklmnopq"),
    "Echo: cdefghijklmnopq",
  );
});

Deno.test("cleanText() takes out a short prompt only as a whole", () => {
  const redactor = create();
  redactor.prompts.push("my pass phrase");
  redactor.prompts.push("Hi");
  assertEquals(
    cleanText(redactor, "Echo: my pass phrase."),
    "Echo: [redacted].",
  );
  assertEquals(cleanText(redactor, "Hi, my pass"), "Hi, my pass");
});

Deno.test("cleanText() knows a prompt whatever its white space", () => {
  const redactor = create();
  redactor.prompts.push("a secret plan\n\nof several lines");
  assertEquals(
    cleanText(redactor, "Echo: a secret plan of several lines"),
    "Echo: [redacted]",
  );
});

Deno.test("cleanCause() copies an error without stack and secrets", () => {
  const redactor = create(KEY);
  const error = new TypeError(`no route with ${KEY}`, {
    cause: new RangeError(`below ${KEY}`),
  });
  const copy = cleanCause(redactor, error);
  assertEquals(String(copy), "TypeError: no route with [redacted]");
  assertEquals(String(copy?.cause), "RangeError: below [redacted]");
  assert(!Deno.inspect(copy).includes("0123456789"));
  assert(!Deno.inspect(copy).includes("redact_test"));
});

Deno.test("cleanCause() gives nothing for what is no error", () => {
  const redactor = create();
  for (const value of ["text", undefined, null, { message: "x" }]) {
    assertEquals(cleanCause(redactor, value), undefined);
  }
});

Deno.test("cleanCause() ends where causes do not", () => {
  const error = new Error("round");
  error.cause = new Error("and round", { cause: error });
  assertEquals(cleanCause(create(), error)?.message, "round");
});

Deno.test("cleanText() takes out a prompt in the forms of JSON and URLs", () => {
  const prompt = 'pin: 1234\nname: "Bob"\nстрана: 7';
  const redactor = createRedactor();
  redactor.prompts.push(prompt);
  const json = JSON.stringify(prompt);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  for (const form of [json, ascii, encodeURIComponent(prompt)]) {
    const excerpt = cleanText(redactor, `Input was ${form}`);
    for (const part of ["1234", "Bob", "стр", "u0441", "%D1"]) {
      assert(!excerpt.includes(part), excerpt);
    }
  }
});

Deno.test("cleanText() leaves no part of a prompt between its forms", () => {
  const redactor = createRedactor();
  const prompt = 'Tell me of the lake of "Zug"\nand its fish';
  redactor.prompts.push(prompt);
  const json = JSON.stringify(prompt).slice(1, -1);
  assertEquals(
    cleanText(redactor, `Refused: ${json}!`),
    "Refused: [redacted]!",
  );
});

Deno.test("cleanText() is quick with text that looks like many URLs", () => {
  const redactor = createRedactor();
  for (const piece of ["a-", "a://", "a:", "://a@"]) {
    assertLessOrEqual(cleanText(redactor, piece.repeat(100_000)).length, 200);
  }
});

Deno.test("cleanText() shows no part of a secret at the border of a long text", () => {
  const text = `${" ".repeat(65_500)}Bad key ${[...KEY].join(" ")}`;
  for (let size = 65_500; size < 65_540; size++) {
    const space = " ".repeat(size - 65_500);
    const cleaned = cleanText(create(KEY), `${space}${text}${"x".repeat(999)}`);
    assertEquals(cleaned, "");
  }
  assertEquals(cleanText(create(KEY), "boom\n".repeat(99_999)).length, 200);
});

Deno.test("cleanText() shows no part of a short secret where the search ends", () => {
  const secret = "hunter2-pAss9z";
  const told = [...secret].join(" ");
  for (let cut = 0; cut <= told.length; cut++) {
    const query = "q".repeat(4_096 - "https://a/?".length - cut - 1);
    const cleaned = cleanText(create(secret), `https://a/?${query} ${told} no`);
    assertEquals(cleaned.replace("[redacted]", ""), "https://a/");
  }
});
