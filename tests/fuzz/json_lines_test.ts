import { assertInstanceOf } from "@std/assert";
import { ProviderError } from "../../core/chat/errors.ts";
import { createJsonLineDecoder } from "../../core/streams/json_lines.ts";
import { toJsonLines } from "../../core/http/to_json_lines.ts";
import { TestBody } from "../_body.ts";
import { fuzz } from "./_cases.ts";
import { cutAnyhow } from "./_chunks.ts";
import { decodeAll } from "./_decode_all.ts";
import { randomJsonLines } from "./_random_json_lines.ts";
import { assertSame } from "./_same.ts";
import { readSlowly } from "./_slow_json_lines.ts";

/** Parses a line that is JSON for sure or not at all. */
function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

fuzz(
  "createJsonLineDecoder gives what splitting at LF gives, for random lines",
  (random) => {
    const bytes = randomJsonLines(random);
    const chunks = cutAnyhow(bytes, random);
    const { items, error } = decodeAll(createJsonLineDecoder(), chunks);
    // It looks only at the last line; others are for its reader to parse.
    const bad = items.findIndex((line) => !isJson(line));
    const { lines, error: expected } = readSlowly(bytes);
    assertSame(
      bad === -1
        ? { lines: items, error }
        : { lines: items.slice(0, bad), error: "bad-response" },
      { lines, error: expected },
    );
  },
);

fuzz(
  "toJsonLines() gives what splitting at LF gives, for random lines",
  async (random) => {
    const bytes = randomJsonLines(random);
    const { stream } = new TestBody(cutAnyhow(bytes, random));
    const values: unknown[] = [];
    let error: unknown;
    try {
      for await (const value of toJsonLines(stream)) values.push(value);
    } catch (thrown) {
      assertInstanceOf(thrown, ProviderError);
      error = thrown.code;
    }
    const expected = readSlowly(bytes);
    assertSame({ values, error }, {
      values: expected.values,
      error: expected.error,
    });
  },
  { share: 0.1 },
);
