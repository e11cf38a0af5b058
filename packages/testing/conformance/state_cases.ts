import { flush } from "../fake_clock.ts";
import type { Fault } from "../faults/fault.ts";
import { check, checkEquals } from "./check.ts";
import { catchError, readAll } from "./ending.ts";
import { inspect } from "./logs.ts";
import { type Conversation, freeze, startChat } from "./start_chat.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, PROMPT, TEXT } from "./fixture.ts";
import { catchReason } from "./waiting.ts";

function concerns({ keepsConversation }: ConformanceTarget): boolean {
  return keepsConversation === true;
}

/** What is asked in a second turn. */
const FURTHER = "And three lakes";

/** Changes that make a conversation another's, or none. */
const EDITS: readonly Readonly<Record<string, unknown>>[] = [
  { version: 2 },
  { version: "1" },
  { provider: "Another" },
  { provider: "__proto__" },
  { origin: "https://another.example" },
  { origin: "" },
  { id: "" },
  { id: "../../admin" },
  { id: "a/b" },
  { id: "a?b" },
  { id: "a%2fb" },
  { id: 7 },
  { id: "a".repeat(1_000) },
  { model: 7 },
  { systemPrompt: null },
  { cookies: null },
  { cookies: "a=1" },
  { cookies: { a: 1 } },
  { cookies: { "a;b": "1" } },
  { cookies: { a: "1; b=2" } },
  { cookies: { a: "1\r\nx: 2" } },
];

/** The fields without which it is none. */
const FIELDS: readonly string[] = [
  "version",
  "provider",
  "origin",
  "id",
  "model",
  "systemPrompt",
  "cookies",
];

function toBroken({ failure = "" }: ConformanceTarget): readonly Fault[] {
  const after = { events: 5 };
  return [
    { type: "cut", after },
    { type: "reset", after },
    { type: "reset", after: { bytes: 0 } },
    { type: "respond", status: 500 },
    ...(failure ? [{ type: "insert", after, text: failure } as const] : []),
  ];
}

/** What an upstream keeps, and who may go on with it. */
export const STATE_CASES: readonly CaseDefinition[] = [
  {
    name: "reports no conversation, as its server keeps none",
    concerns: (target) => !concerns(target),
    async run(target) {
      const { stream } = await createFixture(target);
      const { events } = await readAll(stream());
      const reported = events.some(({ type }) => type === "conversation");
      check(!reported, "It reports one: set keepsConversation of the target");
    },
  },
  {
    name: "reports a conversation in plain JSON, just before it finishes",
    concerns,
    async run(target) {
      const { provider, stream } = await createFixture(target);
      const { events } = await readAll(stream());
      const reported = events.filter(({ type }) => type === "conversation");
      checkEquals(reported.length, 1, "The number of conversations");
      const event = events.at(-2);
      check(event?.type === "conversation", "It does not come at last");
      const { conversation } = event;
      const copy = JSON.parse(JSON.stringify(conversation));
      checkEquals(conversation, copy, "The conversation");
      const { version, provider: id, origin } = conversation;
      checkEquals(version, 1, "The version");
      checkEquals(id, provider.id, "The provider");
      checkEquals(origin, new URL(provider.baseUrl).origin, "The origin");
    },
  },
  {
    name: "goes on with a conversation that was stored, in another instance",
    concerns,
    async run(target) {
      const { conversation, stored, turns, resume } = await startChat(target);
      const { stream } = await resume();
      const options = { conversation: freeze(conversation) };
      const result = await stream(options, FURTHER).result();
      checkEquals(result.text, TEXT, "The text");
      checkEquals(
        turns[1]?.messages.map(({ content }) => content),
        [PROMPT, TEXT, FURTHER],
        "What the model is sent",
      );
      checkEquals(JSON.stringify(conversation), stored, "What was stored");
      checkEquals(result.conversation?.id, conversation.id, "The id");
      const { stream: later } = await resume();
      await later({ conversation: result.conversation }, "More").result();
      checkEquals(turns[2]?.messages.length, 5, "The messages of a third turn");
    },
  },
  {
    name:
      "tells of no conversation where it fails, and leaves the given one [C12]",
    concerns,
    async run(target) {
      for (const fault of toBroken(target)) {
        for (const isNew of [true, false]) {
          const { conversation, stored, resume } = await startChat(target);
          const { stream } = await resume({
            plan: { times: 1, faults: [fault] },
            provider: { maxRetries: 0 },
          });
          const given = isNew ? {} : { conversation: freeze(conversation) };
          const { events, error } = await readAll(stream(given, FURTHER));
          check(error !== undefined, `It takes a ${fault.type} for an end`);
          const reported = events.some(({ type }) => type === "conversation");
          check(!reported, `It reports a conversation after a ${fault.type}`);
          checkEquals(JSON.stringify(conversation), stored, "The given one");
          // Nothing keeps it in use.
          const result = await stream({ conversation }, FURTHER).result();
          checkEquals(result.text, TEXT, "The text of another run");
        }
      }
    },
  },
  {
    name: "tells of no conversation where it is aborted or left",
    concerns,
    async run(target) {
      const { conversation, stored, resume } = await startChat(target);
      const { stream } = await resume();
      const controller = new AbortController();
      const reader = stream({ conversation, signal: controller.signal });
      const reason = new Error("Enough");
      const thrown = await catchReason((async () => {
        for await (const event of reader) {
          check(event.type !== "conversation", "It reports a conversation");
          if (event.type === "text") controller.abort(reason);
        }
      })());
      check(thrown === reason, "It does not reject with the reason");
      for await (const event of stream({ conversation })) {
        check(event.type !== "conversation", "It reports a conversation");
        if (event.type === "text") break;
      }
      await flush();
      checkEquals(JSON.stringify(conversation), stored, "The given one");
      const { text } = await stream({ conversation }).result();
      checkEquals(text, TEXT, "The text of another run");
    },
  },
  {
    name:
      "refuses the conversation of another, and one that was edited [C04] [C08] [C13]",
    concerns,
    async run(target) {
      const { conversation, resume } = await startChat(target);
      const without = FIELDS.map((field) => ({ [field]: undefined }));
      for (const edit of [...EDITS, ...without]) {
        const { stream, requests } = await resume();
        const edited = JSON.parse(JSON.stringify({ ...conversation, ...edit }));
        const error = await catchError(stream({ conversation: edited }).text());
        const what = JSON.stringify(edit);
        checkEquals(error.code, "invalid-request", `What it calls ${what}`);
        checkEquals(requests.length, 0, `The requests for ${what}`);
      }
    },
  },
  {
    name: "has one run at a time on a conversation [C11]",
    concerns,
    async run(target) {
      const { conversation, stored, resume } = await startChat(target);
      const { stream, requests } = await resume();
      const first = stream({ conversation });
      await first.next();
      const { length } = requests;
      const copy: Conversation = JSON.parse(stored);
      const error = await catchError(stream({ conversation: copy }).text());
      checkEquals(error.code, "conflict", "The code");
      checkEquals(requests.length, length, "The number of requests");
      await readAll(first);
      checkEquals(first.partial.text, TEXT, "The text of the first run");
      checkEquals(await stream({ conversation }).text(), TEXT, "The next text");
    },
  },
  {
    name: "sends the cookies of a conversation to its own origin only [C01]",
    concerns,
    async run(target) {
      const { conversation, resume } = await startChat(target);
      const values = Object.values(conversation.cookies);
      const { stream, requests, provider } = await resume();
      await stream({ conversation }).result();
      for (const value of values) {
        const all = requests.every(({ headers }) =>
          headers.get("cookie")?.includes(value)
        );
        check(all, "A request comes without the cookies");
      }
      const { protocol, host } = new URL(provider.baseUrl);
      for (
        const baseUrl of [
          "https://another.example",
          `${protocol}//${host}:8443`,
          `${protocol === "https:" ? "http:" : "https:"}//${host}`,
        ]
      ) {
        const other = await resume({ provider: { baseUrl } });
        const error = await catchError(other.stream({ conversation }).text());
        checkEquals(error.code, "invalid-request", `The code of ${baseUrl}`);
        checkEquals(other.requests.length, 0, `The requests to ${baseUrl}`);
      }
    },
  },
  {
    name: "shows no cookie of a conversation [C14]",
    concerns,
    async run(target) {
      const { stream } = await createFixture(target);
      const reader = stream();
      const result = await reader.result();
      const { conversation } = result;
      check(conversation !== undefined, "Its answer has no conversation");
      const shown = [conversation, { conversation }, result, reader];
      for (const value of Object.values(conversation.cookies)) {
        for (const logged of shown.map(inspect)) {
          check(!logged.includes(value), "It shows a cookie");
        }
      }
    },
  },
];
