import { pickRandom, randomInt } from "../_random.ts";

/** A text of a form, as it is written in JSON. */
const TEXT = "§";

/** Such a text, or the one before it once more. */
const ANY_TEXT = /[§¶]/g;

/** A number that is another in each line. */
const COUNT = "±";

/** What chunks are written like; most of an answer are written alike. */
export const CHUNK_FORMS: readonly string[] = [
  '{"choices":[{"delta":{"content":"§"}}]}',
  '{"choices":[{"delta":{},"finish_reason":"stop"}]}',
  '{"id":"b","choices":[{"delta":{"content":"§"}}],"usage":{"prompt_tokens":1}}',
  '{"choices":[{"delta":{}}],"usage":{"prompt_tokens":±}}',
  '{"id":"a","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"§"},"logprobs":null,"finish_reason":null}],"usage":null}',
  '{"id":"a","choices":[{"index":0,"delta":{"content":"§"}}],"obfuscation":"§"}',
  '{"created":±,"choices":[{"index":0,"delta":{"content":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"}}],"usage":{"prompt_tokens":1,"completion_tokens":±}}',
  '{"id":"§","created":±,"choices":[{"delta":{"content":"§"}}],"p":"§","usage":{"total_tokens":±}}',
  '{"choices":[{"delta":{"content":"§"},"usage":{"prompt_tokens":±}}],"x_groq":{"usage":{"prompt_tokens":±}}}',
  '{"model":"§","created":±.±,"choices":[{"delta":{"content":"§"}}],"usage":{"cost":0.0±}}',
  '{"created":±,"choices":[{"delta":{"content":"§","obfuscation":"§"}}]}',
  '{"choices":[{"delta":{"content":"§"},"text":"¶"}]}',
  '{"choices":[{"delta":{"content":"§"},"text":"¶","logprobs":{"tokens":["¶"],"token_logprobs":[-0.±]}}]}',
  '{"choices":[{"delta":{"content":"","reasoning":"§"},"text":"¶"}]}',
  '{"choices":[{"index":0,"delta":{"content":"§","content":"x"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"x","content":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"__proto__":{"content":"x"},"content":"§"}}]}',
  '{"__proto__":{"error":"§"},"choices":[{"index":0,"delta":{"content":"x"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"","reasoning_content":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"x","reasoning":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"reasoning":"§","reasoning_details":[]}}]}',
  '{"choices":[{"index":0,"delta":{"reasoning_details":[{"text":"§"}]}}]}',
  '{"choices":[{"index":0,"delta":{"thinking":"§","content":null}}]}',
  '{"choices":[{"index":0,"delta":{"refusal":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"x","refusal":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"§"}]}}]}',
  '{"choices":[{"index":0,"delta":{"content":[{"type":"§","text":"x"}]}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§","images":[{"url":"x"}]}}]}',
  '{"choices":[{"index":0,"delta":{"images":[{"url":"§"}]}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§","audio":{}}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§","tool_calls":[]}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§","tool_calls":[{"index":0,"function":{"arguments":"x"}}]}}]}',
  '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"i","function":{"name":"f","arguments":"§"}}]}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"},"finish_reason":""}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"},"finish_reason":"stop"}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"},"finish_reason":"§"}]}',
  '{"choices":[{"index":0,"delta":{"content":"x"},"native_finish_reason":"§"}]}',
  '{"choices":[{"index":1,"delta":{"content":"§"}}]}',
  '{"choices":[{"index":"0","delta":{"content":"§"}}]}',
  '{"choices":[{"index":±,"delta":{"content":"§"}}]}',
  '{"choices":[{"index":1,"delta":{"content":"§"}},{"index":0,"delta":{"content":"x"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"x"}},{"index":1,"delta":{"content":"§"}}]}',
  '{"choices":[{"delta":{"content":"§"}},{"index":0,"delta":{"content":"x"}}]}',
  '{"choices":[{"index":0,"delta":"§"}]}',
  '{"choices":[{"index":0,"delta":{"§":"x"}}]}',
  '{"choices":[{"index":0,"text":"§"}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"},"text":"§"}]}',
  '{"choices":[{"index":0,"delta":{"content":""},"text":"§"}]}',
  '{"choices":[{"index":0,"message":{"content":"§"}}]}',
  '{"choices":[{"index":0,"delta":{},"message":{"content":"§"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"},"error":{}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"},"error":{"message":"no"}}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"}}],"error":"§"}',
  '{"choices":[{"index":0,"delta":{"content":"§"}}],"warnings":[{"code":"c","message":"§"}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"}}],"warnings":[{"code":"c","message":"x"}]}',
  '{"choices":[{"index":0,"delta":{"content":"§"}}],"x_groq":{"usage":{"prompt_tokens":2}}}',
  '{"choices":[{"index":0,"delta":{"reasoning":"§"},"text":"x"}]}',
  '{"choices":[{"delta":{"content":"§"},"text":±}]}',
  '{"choices":[{"delta":{"content":"§"},"error":±}]}',
  '{"choices":[{"delta":{"content":"§"},"finish_reason":±}],"warnings":±}',
  '{"choices":[{"delta":{"content":±}}],"obfuscation":"§"}',
  '{"choices":"§"}',
  '[{"choices":[{"delta":{"content":"§"}}]}]',
  '"{\\"choices\\":[{\\"delta\\":{\\"content\\":\\"§\\"}}]}"',
  '{"type":"ping"}',
  '{"text":"§","error_code":0}',
  '{"error":{"message":"§"}}',
  "[DONE]",
  "§",
];

/** What the lines of chat-ui are written like. */
export const UPDATE_FORMS: readonly string[] = [
  '{"type":"stream","token":"§"}',
  '{"type":"stream","token":"§\\u0000\\u0000"}',
  '{"token":"§","type":"stream"}',
  '{"type":"stream","token":"x","token":"§"}',
  '{"type":"stream","token":"§","token":"x"}',
  '{"type":"§","token":"x"}',
  '{"type":"stream","token":"§","created":±}',
  '{"type":"reasoning","subtype":"stream","token":"§"}',
  '{"type":"reasoning","subtype":"status","status":"§"}',
  '{"type":"title","title":"§"}',
  '{"type":"status","status":"§"}',
  '{"type":"status","status":"error","message":"§"}',
  '{"type":"tool","uuid":"§"}',
  '{"type":"file","name":"n","sha":"§","mime":"text/plain"}',
  '{"type":"finalAnswer","text":"§"}',
  '{"type":"routerMetadata","model":"§"}',
  '{"__proto__":{"type":"stream"},"token":"§"}',
  '{"type":"stream","token":±}',
  "§",
];

/** Texts as they are written in JSON, and what is none. */
const TEXTS: readonly string[] = [
  ...["a", "b", " the", "", " ", "content", "stream", "stop", "token"],
  ...["a long text that goes on", "日本", "😀", "é", "[DONE]", "null", "0"],
  ...['\\"', "\\\\", "\\n", "\\u0041", "\\u0000", "\\ud83d", "\\ude00", "\\/"],
  ...["<think>", "</think>", "<th", "ink>", "data:", ":", "{", "}]", "\ud83d"],
  ...['"', "\\", "\\x", "\\u12", "\t", "\0", "\x7f", "\x85", "\u2028"],
  ...['","content":"', '","token":"', '":"', "\\\\u0000", "x\\u0000\\u0000"],
];

/** Damages a line, so that it only looks alike. */
function damage(line: string, random: () => number): string {
  const at = randomInt(random, line.length + 1);
  const end = at + randomInt(random, 3);
  return line.slice(0, at) +
    pickRandom(random, [...TEXTS, " ", ",", '"x":1,']) +
    line.slice(end);
}

/**
 * Makes the lines of an answer: most are written like those before them.
 *
 * @param forms What lines are written like.
 */
export function randomSimilarLines(
  forms: readonly string[],
  random: () => number,
): string[] {
  const pick = () =>
    pickRandom(random, forms.slice(0, pickRandom(random, [1, 4, 99])));
  const usual = pick();
  const other = pick();
  const toText = () => {
    const texts = TEXTS.slice(0, pickRandom(random, [9, 99]));
    const count = 1 + randomInt(random, 2);
    return Array.from({ length: count }, () => pickRandom(random, texts))
      .join("");
  };
  return Array.from({ length: 3 + randomInt(random, 9) }, (_, index) => {
    const form = pickRandom(random, [
      usual,
      usual,
      usual,
      usual,
      other,
      pick(),
    ]);
    let text = "";
    const line = form
      .replaceAll(ANY_TEXT, (mark) => mark === TEXT ? text = toText() : text)
      .replaceAll(COUNT, () => String(index));
    return randomInt(random, 20) ? line : damage(line, random);
  });
}
