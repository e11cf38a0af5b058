import { assertEquals, assertMatch } from "@std/assert";
import { redactSecret } from "../../../core/http/redact_secret.ts";

Deno.test("redactSecret() takes out what a server shows of a key", () => {
  const key = "sk-verysecretkey-0123456789";
  for (const shown of ["sk-verysecr", "sk-verys"]) {
    assertEquals(
      redactSecret(`Incorrect key: ${shown}***456789`, key, "[redacted]"),
      "Incorrect key: [redacted]***456789",
    );
  }
});

Deno.test("redactSecret() takes out a secret that is spaced out or encoded", () => {
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
    const write = (before: string, base = 16) =>
      Array.from(bytes, (byte) => before + byte.toString(base)).join("");
    const forms = [
      ...[" ", "  ", ".", "-", "\u200b", "\n"].map(spaced),
      ...["", "a", "ab", "user:", "Bearer "].map((before) =>
        encode(`${before}${key}:x`)
      ),
      encode(`a${key}`).replaceAll("+", "-").replaceAll("/", "_"),
      encodeURIComponent(key),
      encodeURIComponent(key).toLowerCase(),
      ...["", "%", "\\x", "\\u00", "&#x"].map((before) => write(before)),
      ...[" ", "&#"].map((before) => write(before, 10)),
      bytes.toHex().toUpperCase(),
      key.toUpperCase(),
    ];
    for (const form of forms) {
      const cleaned = redactSecret(
        `Bad key "${form}" (401)`,
        key,
        "[redacted]",
      );
      // A few characters at either end are of its neighbours, too.
      assertMatch(cleaned, /^Bad key ".{0,11}\[redacted\].{0,6}" \(401\)$/s);
    }
  }
});

Deno.test("redactSecret() takes no words for a short secret that is spaced out", () => {
  assertEquals(redactSecret("It is not a key", "nota", ""), "It is not a key");
});
