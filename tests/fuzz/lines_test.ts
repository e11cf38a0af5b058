import { toLines } from "../../core/http/to_lines.ts";
import { TestBody } from "../_body.ts";
import { pickRandom } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import { cutAnyhow } from "./_chunks.ts";
import { randomJsonLines } from "./_random_json_lines.ts";
import { randomSse } from "./_random_sse.ts";
import { assertSame } from "./_same.ts";

fuzz(
  "toLines() gives what a regular expression splits, for random text",
  async (random) => {
    const bytes = pickRandom(random, [randomSse, randomJsonLines])(random);
    const { stream } = new TestBody(cutAnyhow(bytes, random));
    const lines = await Array.fromAsync(toLines(stream));
    const expected = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
    // After the last end there is no line.
    if (expected.at(-1) === "") expected.pop();
    assertSame(lines, expected);
  },
  { share: 0.05 },
);
