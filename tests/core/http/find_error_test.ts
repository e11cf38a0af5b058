import { assertEquals } from "@std/assert";
import { findError } from "../../../core/http/find_error.ts";

/** What is found, without the fields that are not. */
function find(value: unknown): unknown {
  return JSON.parse(JSON.stringify(findError(value) ?? null));
}

Deno.test("findError() finds words in the forms that servers use", () => {
  const message = "Quota";
  for (
    const value of [
      message,
      { error: { message } },
      { error: message },
      [{ error: { message } }],
      { choices: [{ index: 0, error: { message } }] },
      { choices: [], error: { message } },
      { object: "error", message },
      { message },
      { detail: message },
      { detail: [{ msg: message }] },
      { detail: { message } },
      { message: { detail: [{ msg: message }] } },
      { message: "", detail: message },
      { text: message, error_code: 1 },
      { error: { message: JSON.stringify({ error: { message } }) } },
      { errors: [{ message }] },
      { errorMessage: message },
      { fault: { faultstring: message } },
      { ResponseMetadata: { Error: { Message: message } } },
      { statusCode: 429, body: JSON.stringify({ error: { message } }) },
    ]
  ) assertEquals(findError(value)?.message, message, JSON.stringify(value));
});

Deno.test("findError() finds codes, parameter and wait beside the words", () => {
  const error = { message: "x", code: 42, type: "odd", param: "top_p" };
  assertEquals(find({ error }), {
    message: "x",
    codes: ["42", "odd"],
    param: "top_p",
  });
  assertEquals(find({ error: "not_there", message: "x" }), {
    message: "x",
    codes: ["not_there"],
  });
  const loc = ["body", "messages", 0, "role"];
  assertEquals(find({ detail: [{ msg: "x", loc, input: "private" }] }), {
    message: "x",
    codes: [],
    param: "messages.0.role",
  });
  for (
    const wait of [
      { details: [{ retryDelay: "34.5s" }] },
      { details: [{ retryDelay: { seconds: "34.5" } }] },
      { retry_after: 34.5 },
      { estimated_time: 34.5 },
      { retryAfter: 34.5 },
      { retry_after_ms: 34_500 },
      { resets_in_seconds: 34.5 },
    ]
  ) {
    const found = findError({ error: { message: "x", ...wait } });
    assertEquals(found?.retryAfter, 34_500);
  }
  const waits = {
    "Limit 15000, Used 11972. Please try again in 5.289s. See the docs": 5_289,
    "Call rate limit is exceeded. Please retry after 26 seconds.": 26_000,
    "Try again in 1h6m0.5s": 3_960_500,
    "Please try again in 20 milliseconds": 20,
    "Please wait 40 seconds before retrying": 40_000,
    "Your quota will reset after 1h2m": 3_720_000,
    "Please retry your request in some minutes": undefined,
    "Please try again later": undefined,
  };
  for (const [message, wait] of Object.entries(waits)) {
    assertEquals(findError({ error: { message } })?.retryAfter, wait, message);
  }
});

Deno.test("findError() joins the words of a proxy with those of its server", () => {
  const raw = JSON.stringify({ error: { message: "Too long" } });
  const error = { message: "Provider returned error", metadata: { raw } };
  assertEquals(
    findError({ error })?.message,
    "Provider returned error: Too long",
  );
});

Deno.test("findError() finds nothing in anything else", () => {
  const message = { role: "assistant", content: "Hi" };
  for (
    const value of [
      null,
      5,
      "",
      [],
      ["private words"],
      {},
      { message: 5 },
      { message },
      { error: "" },
      { error: {} },
      { error: { message: "", type: "", param: null, code: null } },
      { choices: [{ index: 0, message }], error: {}, detail: "x", code: 200 },
      { choices: [{ index: 0, message, error: null }], object: "chat" },
      { usage: { total_tokens: 1 }, object: "chat.completion.chunk" },
      { type: "ping" },
      { code: 0, message: "Success", usage: { total_tokens: 1 } },
    ]
  ) assertEquals(findError(value), undefined, JSON.stringify(value));
});

Deno.test("findError() looks at the first fields of an object of very many", () => {
  const fields = Array.from({ length: 999 }, (_, index) => [`f${index}`, 1]);
  const toValue = (more: number) =>
    Object.fromEntries([...fields.slice(more), ["detail", "No"]]);
  assertEquals(findError(toValue(0))?.message, "No");
  assertEquals(
    findError({ more: 1, ...Object.fromEntries(fields), detail: "No" }),
    undefined,
  );
});
