import type { ErrorCode, FinishReason } from "../mod.ts";

/** What the last run of a scenario must come to. */
export interface Outcome {
  /** The text of the result, or of the partial answer where it fails. */
  readonly text?: string;
  /** The text of all events, where it is not the same. */
  readonly streamed?: string;
  /** @default {"stop"} */
  readonly finish?: FinishReason;
  /** The code of its error; absent where it succeeds. */
  readonly code?: ErrorCode;
  readonly retryAfter?: number;
  readonly title?: string;
  /** The codes of its warnings. */
  readonly warnings?: readonly string[];
  /** The URL of each picture, or "bytes" where it has none. */
  readonly images?: readonly string[];
  /** How many requests all runs make. */
  readonly requests: number;
}

const TITLE = "🔤 Test Title";
const HELLO = { text: "Hello world!", requests: 1 };

export const CHAT_UI_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "cohere-happy": { text: "Hello world!", title: TITLE, requests: 3 },
  "cohere-unicode-split": {
    text: "(same)",
    streamed:
      "Grüße 👩‍👩‍👧‍👦 日本語 e\u0301\n\n \u2028x \x85y exactly16chars!! a-token-that-is-longer-than-sixteen",
    requests: 3,
  },
  "cohere-byte-by-byte": { text: "Hi ü", requests: 3 },
  "cohere-surrogate-split": { text: "x😀y", requests: 3 },
  "cohere-second-turn": { text: "Second", requests: 5 },
  "cohere-second-turn-other-model": { text: "Second", requests: 6 },
  "cohere-api-key": { text: "Hello world!", title: TITLE, requests: 3 },
  "cohere-alias-command-r": { text: "Hello world!", title: TITLE, requests: 3 },
  "cohere-no-final": { code: "incomplete", text: "Hi there", requests: 3 },
  "cohere-final-only": { text: "The whole answer", title: TITLE, requests: 3 },
  "cohere-final-differs": {
    text: "Hello",
    streamed: "Hello<stop>",
    requests: 3,
  },
  "cohere-status-error": { code: "upstream", text: "", requests: 3 },
  "cohere-status-error-midway": {
    code: "upstream",
    text: "first",
    requests: 3,
  },
  "cohere-blank-line": { text: "ab", requests: 3 },
  "cohere-malformed-line": { code: "bad-response", text: "a", requests: 3 },
  "cohere-long-final": { text: "z".repeat(200_000), requests: 3 },
  "cohere-truncated": { code: "incomplete", text: "a", requests: 3 },
  "cohere-create-400": { code: "invalid-request", text: "", requests: 1 },
  "cohere-two-cookies": { text: "Hello world!", title: TITLE, requests: 3 },
  "cohere-secure-cookie": { text: "Hello world!", title: TITLE, requests: 3 },
  "cohere-data-redirect": { code: "authentication", text: "", requests: 2 },
  // One create request, then three times page data and message.
  "cohere-message-429": { code: "rate-limit", text: "", requests: 7 },
};

export const AUTONOMOUS_AI_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "autonomous-happy": HELLO,
  "autonomous-models": HELLO,
  "autonomous-unicode-request": HELLO,
  "autonomous-data-in-content": {
    text: "the field data: is removeddata:  end",
    requests: 1,
  },
  "autonomous-null-delta": { text: "ab", requests: 1 },
  "autonomous-cr-only": HELLO,
  // It says nothing of why it ended, and was not read as a whole.
  "autonomous-malformed-line": {
    code: "bad-response",
    text: "ac",
    requests: 1,
  },
  "autonomous-error-object": { code: "upstream", text: "a", requests: 1 },
  "autonomous-no-done": { text: "ab", requests: 1 },
  "autonomous-non-stream-json": { text: "whole", requests: 1 },
  "autonomous-429": {
    code: "rate-limit",
    retryAfter: 7_000,
    text: "",
    requests: 3,
  },
};

export const AMIGO_CHAT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "amigo-happy": HELLO,
  "amigo-options": HELLO,
  "amigo-unknown-model": { code: "unknown-model", text: "", requests: 0 },
  "amigo-text-choice": { text: "Hello", requests: 1 },
  "amigo-429-then-ok": { text: "Hello world!", requests: 2 },
  "amigo-401-always": { code: "authentication", text: "", requests: 1 },
  "amigo-cut-then-ok": { code: "incomplete", text: "Hello world", requests: 1 },
  "amigo-non-stream-json": { text: "whole", requests: 1 },
  "amigo-image-two": {
    images: ["https://img.example/1.png", "bytes", "https://img.example/2.png"],
    text: "",
    requests: 1,
  },
  "amigo-image-b64-only": { images: ["bytes"], text: "", requests: 1 },
  "amigo-image-no-data": { code: "content-filter", text: "", requests: 1 },
};

export const AI_CHATS_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "aichats-happy": HELLO,
  "aichats-multi-data": { text: "line1\nline2", requests: 1 },
  "aichats-done": { text: "Hello", requests: 1 },
  "aichats-no-space": { text: "Hello", requests: 1 },
  "aichats-500": { code: "upstream", text: "", requests: 3 },
  "aichats-truncated": { code: "incomplete", text: "Hello", requests: 1 },
  "aichats-dalle": { images: ["{BASE}/img/1.png"], text: "", requests: 2 },
  "aichats-dalle-image-404": { code: "bad-image", text: "", requests: 2 },
};
