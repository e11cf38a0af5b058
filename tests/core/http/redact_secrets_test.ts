import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { redactSecrets } from "../../../core/http/redact_secrets.ts";

Deno.test("redactSecrets() takes out what a server shows of a key", () => {
  const key = "sk-verysecretkey-0123456789";
  for (const shown of ["sk-verysecr", "sk-verys"]) {
    assertEquals(
      redactSecrets(`Incorrect key: ${shown}***456789`, [key], "[redacted]"),
      "Incorrect key: [redacted]***456789",
    );
  }
});

Deno.test("redactSecrets() takes out a secret that is spaced out or encoded", () => {
  const keys = [
    "sk-0123456789abcdef",
    "sk-verysecretkey-0123456789",
    "пароль-№7-длинный",
  ];
  for (
    const key of [...keys, "a+b/c=d&e:f;g,h?i", "p+q/sk-0123456789abcdef/r=="]
  ) {
    const spaced = (by: string) => [...key].join(by);
    const bytes = new TextEncoder().encode(key);
    const encode = (text: string) => new TextEncoder().encode(text).toBase64();
    const write = (before: string, base = 16, length = 2) =>
      Array.from(
        bytes,
        (byte) => before + byte.toString(base).padStart(length, "0"),
      ).join("");
    const forms = [
      ...[" ", "  ", ".", "-", "\u200b", "\n"].map(spaced),
      ...["", "a", "ab", "user:", "Bearer "].map((before) =>
        encode(`${before}${key}:x`)
      ),
      encode(`a${key}`).replaceAll("+", "-").replaceAll("/", "_"),
      encodeURIComponent(key),
      encodeURIComponent(key).toLowerCase(),
      ...["", "%", "\\x", "\\u00", "\\u{", "U+00", "&#x", ", 0x"]
        .map((before) => write(before)),
      write("\\", 8, 3),
      ...[" ", "&#"].map((before) => write(before, 10)),
      bytes.toHex().toUpperCase(),
      key.toUpperCase(),
    ];
    for (const form of forms) {
      const cleaned = redactSecrets(
        `Bad key "${form}" (401)`,
        [key],
        "[redacted]",
      );
      // A few characters at either end are of its neighbours, too.
      assertMatch(cleaned, /^Bad key ".{0,11}\[redacted\].{0,6}" \(401\)$/s);
    }
  }
});

Deno.test("redactSecrets() takes no words for a short secret that is spaced out", () => {
  assertEquals(
    redactSecrets("It is not a key", ["nota"], ""),
    "It is not a key",
  );
});

Deno.test("redactSecrets() takes no number for a part of a long secret", () => {
  // As bytes it begins with 99 99 99 99 100 100 100.
  const secret = "ccccddd1-4b5e-4f60-8a7b-1c2d3e4f5a6b";
  for (const number of ["9".repeat(80), "100100100", "1764499999999"]) {
    assertEquals(redactSecrets(number, [secret], "[redacted]"), number);
  }
  const bytes = new TextEncoder().encode(secret).slice(0, 12);
  assertEquals(
    redactSecrets(`[${bytes.join(", ")}, …]`, [secret], "[redacted]"),
    "[[redacted], …]",
  );
});

Deno.test("redactSecrets() looks through a secret once, whatever the text", () => {
  const secret = `session=${"v".repeat(10_000)}`;
  const measure = (text: string) =>
    Math.min(...Array.from({ length: 3 }, () => {
      const started = performance.now();
      redactSecrets(text, [secret], "");
      return performance.now() - started;
    }));
  const short = measure("vvvvvvvw");
  // To look for each of its letters takes some twenty times as long.
  assertLess(measure("vvvvvvvw ".repeat(450)), 8 * short);
});
