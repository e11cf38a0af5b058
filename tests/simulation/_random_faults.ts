import type { Fault } from "@parley/testing";
import { pickRandom, type Random, randomInt } from "../_random.ts";
import type { ServerPlan } from "./_world.ts";

function refuse(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Fault {
  return {
    type: "respond",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ error: { message } }),
  };
}

/** The key of all servers, which no error may tell. */
export const SECRET = "sk-5ca1ab1e-0ddba11-f005ba11";

/** Where nobody else is to be asked. */
export const ELSEWHERE = "https://elsewhere.example/";

/** What stands for what was asked, which no error may tell either. */
export const ECHO = "{prompt}";

/** What a server answers in the place of an answer. */
const REFUSALS: readonly Fault[] = [
  refuse(400, "Invalid value for 'temperature'"),
  refuse(400, `Unrecognized request: ${ECHO}`),
  refuse(401, `Incorrect API key provided: ${SECRET}`),
  refuse(404, "Not found"),
  refuse(307, "Moved", { location: ELSEWHERE }),
  refuse(408, "Timeout"),
  refuse(429, "Rate limit reached"),
  refuse(429, "Rate limit reached", { "retry-after": "3" }),
  refuse(429, "Rate limit reached", { "retry-after": "20" }),
  refuse(429, "Rate limit reached", { "retry-after": "60" }),
  refuse(429, "Rate limit reached", { "retry-after": "90" }),
  refuse(500, "It failed"),
  refuse(500, "It failed", { "x-should-retry": "false" }),
  refuse(409, "Busy", { "x-should-retry": "true" }),
  refuse(503, "The server is overloaded"),
  refuse(503, "The model is loading", { "retry-after-ms": "1500" }),
];

/** Statuses that another attempt may mend. */
const STORMS: readonly Fault[] = [
  refuse(500, "It failed"),
  refuse(429, "Rate limit reached", { "retry-after-ms": "1500" }),
];

/**
 * What a server says in the midst of an answer: that it fails, or works; and with
 * what it fills the time.
 */
const SAYINGS = {
  "openai": {
    errors: [
      `data: {"error":{"message":"No: ${SECRET}, ${ECHO}"}}\n\n`,
      'data: {"choices":[{"delta":{},"finish_reason":"error"}]}\n\n' +
      "data: [DONE]\n\n",
    ],
    wait: ": wait\n\n",
    padding: 'data: {"choices":[{"index":0,"delta":{"content":""}}]}\n\n',
  },
  "ai-chats": {
    errors: ["event: error\ndata: The server had an error\n\n"],
    wait: ": wait\n\n",
    padding: ": wait\n\n",
  },
  "chat-ui": {
    errors: ['{"type":"status","status":"error","message":"It failed"}\n'],
    wait: '{"type":"status","status":"keepAlive"}\n',
    padding: '{"type":"status","status":"keepAlive"}\n',
  },
};

/** Whether a fault changes nothing. */
export function isHarmless(fault: Fault): boolean {
  return fault.type === "insert" &&
    Object.values(SAYINGS).some(({ wait }) => wait === fault.text);
}

/** Whether one of OpenAI's servers has said no word before a fault. */
export function isFirst(fault: Fault): boolean {
  return "after" in fault && fault.after !== undefined &&
    "events" in fault.after && fault.after.events <= 1;
}

/** Whether something comes before a fault, or an answer in its place. */
export function isPartial(fault: Fault): boolean {
  return fault.type === "respond" ||
    (fault.type === "cut" || fault.type === "reset") && !isFirst(fault) &&
      fault.after !== undefined && "events" in fault.after;
}

/** A server that has forgotten a chat. */
export const FORGETS: readonly Fault[] = [refuse(404, "Not found")];

/** Of which kind a fault is; most of them befall an answer in its midst. */
export type FaultKind = "storm" | "status" | "head" | "body" | "break";

/** Gives what befalls a request. */
export function randomFaults(
  random: Random,
  server: ServerPlan["kind"],
  kind: FaultKind = pickRandom(random, [
    "storm",
    "status",
    "head",
    ...Array<"body">(4).fill("body"),
  ]),
): readonly Fault[] {
  if (kind === "storm") return [pickRandom(random, STORMS)];
  if (kind === "status") return [pickRandom(random, REFUSALS)];
  if (kind === "head") {
    return [pickRandom<Fault>(random, [
      { type: "silence" },
      { type: "refuse" },
      { type: "half-header" },
      { type: "short", missing: 5 },
    ])];
  }
  const events = { events: randomInt(random, pickRandom(random, [2, 10, 10])) };
  const after = pickRandom(random, [
    ...Array<typeof events>(4).fill(events),
    { bytes: randomInt(random, 2_000) },
    { ms: randomInt(random, 20_000) },
  ]);
  const { errors, wait, padding } = SAYINGS[server];
  const breaks: readonly Fault[] = [
    // Nothing tells that an answer of AI Chats ends too early.
    { type: server === "ai-chats" ? "reset" : "cut", after },
    { type: "reset", after },
    { type: "insert", after: events, text: pickRandom(random, errors) },
  ];
  if (kind === "break") return [pickRandom(random, breaks)];
  return [pickRandom<Fault>(random, [
    ...breaks,
    { type: "stall", after },
    { type: "drip", after: events, text: padding, every: 5_000 },
    { type: "insert", after: events, text: wait },
  ])];
}
