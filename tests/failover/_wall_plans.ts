import type { Fault, FaultPlan } from "@parley/testing";

function refuse(
  status: number,
  code: string | null,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Fault {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return {
    type: "respond",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ error: { message, type, param: null, code } }),
  };
}

const LIMITED = "Rate limit reached for requests";
const DOWN = refuse(503, null, "The server is overloaded");

/** How many events come before the first token. */
const OPENING = 1;

/** How many tokens an answer has. */
export const TOKENS = 60;

/** How many events there are without `[DONE]`: the finish reason, and usage. */
const ALL = OPENING + TOKENS + 2;

/** What befalls a model, by its name; models that are not here are well. */
const PLANS: Readonly<Record<string, FaultPlan>> = {
  "limited-once": {
    times: 1,
    faults: [
      refuse(429, "rate_limit_exceeded", LIMITED, { "retry-after": "2" }),
    ],
  },
  limited: { faults: [refuse(429, "rate_limit_exceeded", LIMITED)] },
  "failing-once": { times: 1, faults: [refuse(500, null, "It failed")] },
  down: { faults: [DOWN] },
  flapping: { faults: [DOWN] },
  "reset-once": { times: 1, faults: [{ type: "refuse" }] },
  silent: { faults: [{ type: "silence" }] },
  cut: { faults: [{ type: "cut", after: { events: OPENING + 40 } }] },
  broken: { faults: [{ type: "reset", after: { events: OPENING + 40 } }] },
  stalling: {
    faults: [
      { type: "stall", after: { events: OPENING + 20 } },
      { type: "cut", after: { ms: 30_000 } },
    ],
  },
  "stalling-long": {
    faults: [
      { type: "stall", after: { events: OPENING + 20 } },
      { type: "cut", after: { ms: 90_000 } },
    ],
  },
  malformed: {
    faults: [{
      type: "insert",
      after: { events: OPENING + 10 },
      text: 'data: {"id":"chatcmpl-1","choices":[{"delta":{"con\n\n',
    }],
  },
  unmarked: { faults: [{ type: "cut", after: { events: ALL } }] },
  "unmarked-open": { faults: [{ type: "stall", after: { events: ALL } }] },
  short: {
    faults: [refuse(
      400,
      "context_length_exceeded",
      "This model's maximum context length is 8192 tokens",
    )],
  },
  strict: {
    faults: [refuse(
      400,
      "content_policy_violation",
      "Your request was rejected by our safety system",
    )],
  },
};

/** Says what befalls a model; it is well where nothing is said of its name. */
export function toWallPlan(model: string): FaultPlan {
  return PLANS[model] ?? {};
}
