import type { Mutation } from "./_mutate.ts";

/** A mutation of a provider that a user has written. */
export interface ParrotMutant extends Omit<Mutation, "file"> {
  /** What the provider then does. */
  readonly what: string;
  /** The name of the case that has to fail. */
  readonly caughtBy: string;
}

const TEXT = '{ type: "text", text: say }';
const FINISH = 'yield { type: "finish", reason: over };';
const MESSAGES = "= toOpenAiMessages(run.messages);";
const BODY = "json: { model, messages, heat, words },";
const REQUEST = "const response = await run.post(";

/** Ways in which a user may get a provider wrong. */
export const PARROT_MUTANTS: readonly ParrotMutant[] = [
  {
    what: "finishes where the body ends",
    caughtBy: "fails where the body ends before its end marker",
    find: "async *respond(run): AsyncGenerator<ChatEvent> {",
    replace: `async *respond(run) { yield* this.talk(run); ${FINISH} },\n` +
      "async *talk(run) {",
  },
  {
    what: "never finishes",
    caughtBy: "ends with one finish event, and its text is whole",
    find: FINISH,
    replace: "return;",
  },
  {
    what: "says everything twice",
    caughtBy: "ends with one finish event, and its text is whole",
    find: `yield ${TEXT};`,
    replace: `yield* [${TEXT}, ${TEXT}];`,
  },
  {
    what: "misses that its server fails",
    caughtBy:
      "fails where the server sends an error, at once or after any event",
    find: "if (sick !== undefined) {",
    replace: "if (false) {",
  },
  {
    what: "tells the prompt in its error",
    caughtBy: "keeps its secrets, whatever fails",
    find: '"Parrot is sick"',
    replace: "`Parrot is sick of ${messages[0]?.content}`",
  },
  {
    what: "ends with another text than it said",
    caughtBy: "collects what it streams, and says who answered",
    find: FINISH,
    replace: 'yield { type: "finish", reason: over, text: "Polly" };',
  },
  {
    what: "tries again by itself",
    caughtBy: "sends a run again after a 500",
    find: REQUEST,
    replace: "await run.post('/talk', { json: {} }).catch(() => {});\n" +
      REQUEST,
  },
  {
    what: "reads the whole body before it speaks",
    caughtBy: "waits 60 s between two tokens, or as long as an option says",
    find: "response.decode(createJsonLineDecoder(run.limits))",
    replace: '[(await response.text()).split("\\n").filter(Boolean)]',
  },
  ...[
    ["sends the last message only", `${MESSAGES.slice(0, -1)}.slice(-1);`],
    [
      "sends no system message",
      `${MESSAGES.slice(0, -1)}.filter(({ role }) => role !== "system");`,
    ],
    [
      "sends one role",
      `${MESSAGES.slice(0, -1)}.map((said) => ({ ...said, role: "user" }));`,
    ],
  ].map(([what = "", replace = ""]) => ({
    what,
    caughtBy: "sends every message, with its role and in its order",
    find: MESSAGES,
    replace,
  })),
  {
    what: "sends no pictures",
    caughtBy: "sends the pictures of its messages, or refuses them",
    find: MESSAGES,
    replace: "= toOpenAiMessages(run.messages.map((said) => " +
      '({ ...said, content: typeof said.content === "string" ? said.content ' +
      ': said.content.filter(({ type }) => type === "text") })));',
  },
  {
    what: "asks for another model",
    caughtBy: "asks for the model that is named",
    find: BODY,
    replace: BODY.replace("model", 'model: "grey"'),
  },
  {
    what: "sends no settings",
    caughtBy: "sends each setting, or says that it does not",
    find: BODY,
    replace: "json: { model, messages },",
  },
  {
    what: "sends a setting under another name",
    caughtBy: "sends each setting, or says that it does not",
    find: BODY,
    replace: BODY.replace("heat", "warmth: heat"),
  },
  {
    what: "sends its key under another header",
    caughtBy: "sends its key once, in its header",
    find: BODY,
    replace: `${BODY} headers: options?.apiKey ? { "authorization": "x", ` +
      '"x-key": options.apiKey } : {},',
  },
  {
    what: "sends its key twice",
    caughtBy: "sends its key once, in its header",
    find: BODY,
    replace: BODY +
      ' headers: options?.apiKey ? { "x-key": options.apiKey } : {},',
  },
  {
    what: "does not tell the usage",
    caughtBy: "tells the usage that its server tells",
    find: "if (tokens)",
    replace: "if (false)",
  },
  {
    what: "calls an answer whole that is as long as it may be",
    caughtBy: "tells that an answer is as long as it may be",
    find: "reason: over }",
    replace: 'reason: "stop" }',
  },
];
