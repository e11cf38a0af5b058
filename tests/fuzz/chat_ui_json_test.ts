import { createCohereC4aiCommand } from "../../mod.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { pickRandom, randomInt } from "../_random.ts";
import { readVectors } from "../_vectors.ts";
import { fuzz } from "./_cases.ts";
import { randomList } from "./_random_bytes.ts";
import {
  randomChatUiAnswer,
  randomErrorBody,
  randomJsonBody,
} from "./_random_upstream.ts";
import { readRandom } from "./_settle.ts";

const CONVERSATION = {
  version: 1,
  provider: "CohereForAI_C4AI_Command",
  origin: "https://chat.example",
  id: "65f0a1b2c3d4e5f601234567",
  model: "command-r",
  systemPrompt: "",
  cookies: { "hf-chat": "3f0e" },
} as const;

const COOKIES = [
  ...["hf-chat=1", "hf-chat=1; Secure; HttpOnly", "__proto__=x; Path=/"],
  ...["=", ";", "a", "a=", "=b", "a=b=c", "a b=c", 'a="b"', "a=b;;;=;"],
  ...["a=b; Max-Age=0", "a=b; Max-Age=-9e9", "a=b; Expires=never"],
  ...["a=b; Domain=other.example", "a=b; Path=x", "constructor=1"],
  `a=${"x".repeat(5_000)}`,
];

const CREATED = { conversationId: "65f0a1b2c3d4e5f601234567" };

/** What servers newer than June 2025 answer. */
const API_ANSWER = {
  json: { messages: [{ id: "a" }, { id: "b" }], rootMessageId: "a" },
  meta: {},
};

interface Vectors {
  readonly cases: readonly { readonly body: string }[];
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const { cases } = await readVectors<Vectors>("page_data");

/** The first lines of page data that are JSON. */
const PAGES: readonly unknown[] = [
  ...cases.map(({ body }) => tryParse(body.split("\n")[0] ?? "")),
  { type: "data", nodes: [null, null] },
  { type: "data", nodes: [null, null] },
].filter((page) => page !== undefined);

function randomBody(path: string, random: () => number): string {
  // Most of the way has to be right for the rest of it to be reached.
  const isRight = randomInt(random, 3) > 0;
  const vary = (valid: unknown) =>
    isRight ? JSON.stringify(valid) : randomJsonBody(valid, random);
  if (path.endsWith("/conversation")) return vary(CREATED);
  if (path.startsWith("/api/")) return vary(API_ANSWER);
  if (path.endsWith("/__data.json")) {
    return `${randomJsonBody(pickRandom(random, PAGES), random)}\n{}\n`;
  }
  return randomChatUiAnswer(random);
}

fuzz(
  "cohereC4aiCommand takes any JSON on the way to an answer",
  async (random) => {
    const clock = new FakeClock();
    const provider = createCohereC4aiCommand({
      baseUrl: "https://chat.example",
      clock,
      random,
      fetch: (url) => {
        const { pathname } = new URL(String(url));
        const isError = randomInt(random, 20) === 0;
        const body = isError
          ? randomErrorBody(random)
          : randomBody(pathname, random);
        const status = pickRandom(random, [403, 404, 410, 429, 500, 503]);
        const cookies = randomList(
          random,
          3,
          () => pickRandom(random, COOKIES),
        );
        const headers = cookies.map((cookie) =>
          ["set-cookie", cookie] as const
        );
        return Promise.resolve(
          new Response(body, {
            status: isError ? status : 200,
            headers: headers.map(([name, value]) => [name, value]),
          }),
        );
      },
    });
    const conversation = randomInt(random, 2) === 0 ? CONVERSATION : undefined;
    const stream = provider.stream("Hello", { conversation });
    const { events, error } = await readRandom(clock, stream);
    const last = events.find(({ type }) => type === "conversation");
    if (error !== undefined || last?.type !== "conversation") return;
    // What a run ends with, another one takes.
    const next = provider.stream("More", { conversation: last.conversation });
    const ending = await readRandom(clock, next);
    if (ending.error?.code === "invalid-request") throw ending.error;
  },
  { share: 0.03 },
);
