import { type ChatOptions, encodeBase64, type Message } from "@parley/chat";
import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import { GIF } from "./image_fixture.ts";
import type { SentMessage, SentQuestion } from "./question.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, type FixtureOptions, PROMPT } from "./fixture.ts";

/** A chat with every role, no text of which is part of another. */
const CHAT: readonly Message[] = [
  { role: "system", content: "Answer in one word" },
  { role: "user", content: "Which lake is at Thun?" },
  { role: "assistant", content: "Thunersee" },
  { role: "user", content: [{ type: "text", text: PROMPT }] },
];

const TEXTS = ["Answer in one word", "Which lake is at Thun?", "Thunersee"];

/** Values that nobody sets by default. */
const SETTINGS = {
  temperature: 0.375,
  topP: 0.625,
  maxTokens: 1_234,
  frequencyPenalty: 0.125,
  presencePenalty: -0.25,
  stop: ["Vltava"],
  seed: 4_711,
  reasoningEffort: "low",
} satisfies ChatOptions;

const SETTING_NAMES = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

const DATA_URL = `data:image/gif;base64,${encodeBase64(GIF)}`;
const LINK = "https://pictures.example/river.gif";

/** Whether two values are the same in JSON. */
function isSame(value: unknown, expected: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(expected);
}

function concerns({ readQuestion }: ConformanceTarget): boolean {
  return readQuestion !== undefined;
}

/** What came of a question. */
interface Asked {
  /** What was sent; absent where it was refused. */
  readonly sent: SentQuestion | undefined;
  /** The messages of the warnings, or of the error, joined. */
  readonly notes: string;
}

/** Asks, and reads what was sent. */
async function ask(
  target: ConformanceTarget,
  options: ChatOptions = {},
  input: string | readonly Message[] = PROMPT,
  fixtureOptions: FixtureOptions = {},
): Promise<Asked> {
  const fixture = await createFixture(target, fixtureOptions);
  const { events, error } = await readAll(fixture.stream(options, input));
  const notes = events.map((event) =>
    event.type === "warning" ? event.message : ""
  );
  const [request] = fixture.answers;
  if (error !== undefined) notes.push(error.message);
  check(
    error === undefined || request === undefined,
    `It fails after it was sent: ${error?.message}`,
  );
  const sent = request && target.readQuestion?.(request, fixture.requests);
  return { sent, notes: notes.join("\n") };
}

/** Asks what must be sent. */
async function send(
  ...question: Parameters<typeof ask>
): Promise<SentQuestion> {
  const { sent, notes } = await ask(...question);
  check(sent !== undefined, `Nothing is sent: ${notes}`);
  return sent;
}

/** Checks that texts are in messages, each one after the one before. */
function checkOrder(
  messages: readonly SentMessage[],
  texts: readonly string[],
): void {
  const all = messages.map(({ text }) => text).join("\n");
  let position = 0;
  for (const text of texts) {
    const found = all.indexOf(text, position);
    check(found >= 0, `"${text}" is not sent in its place: ${all}`);
    position = found + text.length;
  }
}

/** The server is asked what the caller asks, and nothing else. */
export const QUESTION_CASES: readonly CaseDefinition[] = [
  {
    name: "asks for the model that is named",
    concerns,
    async run(target) {
      const { models, imageModels, getModel } = target.create({});
      const texts = models.filter((model) => !imageModels.includes(model));
      const { takesAnyModel = false } = target;
      const named = takesAnyModel ? ["river-7", "lake/8"] : texts.slice(0, 12);
      for (const model of named) {
        const sent = await send(target, { model });
        if (sent.model === undefined && named.length === 1) continue;
        checkEquals(sent.model, getModel(model), "The model");
      }
      const usual = await send(target);
      if (usual.model === undefined) return;
      checkEquals(usual.model, getModel(target.options?.model), "The model");
    },
  },
  {
    name: "sends every message, with its role and in its order",
    concerns,
    async run(target) {
      const { messages } = await send(target, {}, CHAT);
      if (messages.length === CHAT.length) {
        checkEquals(
          messages.map(({ role, text }) => [role, text]),
          CHAT.map(({ role }, index) => [role, TEXTS[index] ?? PROMPT]),
          "What is sent",
        );
        return;
      }
      // A protocol of one text has them all in it.
      checkOrder(messages, [...TEXTS, PROMPT]);
      const [first] = messages;
      const { supportsSystemMessage } = target.create({});
      if (!supportsSystemMessage) return;
      checkEquals(
        [first?.role, first?.text],
        ["system", TEXTS[0]],
        "The system message",
      );
    },
  },
  {
    name: "sends one message as it is",
    concerns,
    async run(target) {
      for (const input of [PROMPT, [{ role: "user", content: PROMPT }]]) {
        const { messages } = await send(target, {}, input as typeof PROMPT);
        const said = messages.filter(({ text }) => text !== "");
        checkEquals(
          said.map(({ role, text }) => [role, text]),
          [["user", PROMPT]],
          "What is sent",
        );
      }
    },
  },
  {
    name: "sends the pictures of its messages, or refuses them",
    concerns,
    async run(target) {
      const pictures = [GIF, encodeBase64(GIF), DATA_URL, new URL(DATA_URL)];
      const { sent: inline } = await ask(target, {}, [
        { role: "user", content: "Look" },
        { role: "assistant", content: "At what?" },
        {
          role: "user",
          content: [
            { type: "text", text: PROMPT },
            ...pictures.map((image) => ({
              type: "image" as const,
              image,
              mediaType: "image/gif",
            })),
          ],
        },
      ]);
      if (inline === undefined) {
        const { acceptsImages } = target.create({});
        return check(
          !acceptsImages,
          "It refuses pictures, though it takes them",
        );
      }
      const { messages } = inline;
      checkEquals(
        messages.at(-1)?.text,
        PROMPT,
        "The text beside the pictures",
      );
      checkEquals(
        messages.map(({ images = [] }) => images),
        [[], [], pictures.map(() => DATA_URL)],
        "The pictures",
      );
      // One elsewhere is sent as a link, or refused.
      const { sent } = await ask(target, {}, [{
        role: "user",
        content: [{ type: "image", image: LINK }],
      }]);
      if (sent === undefined) return;
      checkEquals(sent.messages.at(-1)?.images, [LINK], "The linked picture");
    },
  },
  {
    name: "sends each setting, or says that it does not",
    concerns,
    async run(target) {
      const { settings: required = [] } = target;
      for (const name of SETTING_NAMES) {
        const { sent, notes } = await ask(target, { [name]: SETTINGS[name] });
        const isSent = isSame(sent?.settings?.[name], SETTINGS[name]);
        const isWarned = notes.includes(`"${name}"`);
        check(isSent || isWarned, `"${name}" is neither sent nor warned of`);
        check(isSent || !required.includes(name), `"${name}" is not sent`);
        check(!isSent || !isWarned, `It warns of "${name}", and sends it`);
      }
      const { settings = {} } = await send(target, SETTINGS);
      for (const name of required) {
        checkEquals(settings[name], SETTINGS[name], `"${name}" among others`);
      }
    },
  },
];
