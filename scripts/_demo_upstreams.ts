import {
  type AnswerContext,
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createOpenAiUpstream,
  type Upstream,
} from "@parley/testing";

/** What the person in the demo says. */
export const PROMPTS = {
  rivers: "Name three rivers of Switzerland",
  picture: "A small boat on the Aare",
  ferry: "How does a ferry cross a river without an engine?",
  sum: "Add two numbers in TypeScript",
  place: "My favourite place is the Lorelei. What is it?",
  mill: "Why does a water mill need a pond?",
  memory: "Which place did I tell you about?",
  failure: "Recite the whole of the Song of the Nibelungs",
} as const;

/** What the model with a memory must know in its second turn. */
export const REMEMBERED = "Lorelei";

/** The five servers. */
export type DemoUpstreams = Readonly<
  Record<
    "aiChats" | "amigoChat" | "autonomousAi" | "chatUi" | "openAi",
    Upstream
  >
>;

/**
 * Makes the five servers.
 *
 * @param delay Milliseconds before each word.
 */
export function createDemoUpstreams(delay: number): DemoUpstreams {
  return {
    aiChats: createAiChatsUpstream({
      delay,
      answer: () =>
        "The Rhine rises in the Alps and leaves them through Basel; the Aare " +
        "circles the old town of Bern; the Rhône fills Lake Geneva. 🏔️",
    }),
    amigoChat: createAmigoChatUpstream({
      delay,
      imageFormat: "b64_json",
      imageCount: 2,
      answer: () =>
        "It hangs on a long cable. Held at a slant, the hull turns the push " +
        "of the current into a push across: the river itself is the engine. " +
        "To come back, the ferryman turns the rudder the other way.",
    }),
    autonomousAi: createAutonomousAiUpstream({ delay, answer: answerText }),
    chatUi: createChatUiUpstream({ delay, answer: answerFromMemory }),
    openAi: createOpenAiUpstream({
      delay,
      models: ["llama3.2", "qwen3:8b"],
      imageModels: [],
      answer: () =>
        "A brook gives little water, but gives it all night. The pond keeps it, " +
        "so that the wheel has it by day.",
    }),
  };
}

function answerText(prompt: string): string | Iterable<string> {
  return prompt === PROMPTS.failure
    ? breakOff()
    : "```ts\nconst add = (a: number, b: number): number => a + b;\n```\n" +
      "Call it with `add(1, 2)`. Names say more than comments here.";
}

function* breakOff(): Generator<string> {
  yield* ["Uns", " ist", " in", " alten", " mæren", " wunders", " vil"];
  throw new Error("The model ran out of memory");
}

/** Knows nothing but what was said before. */
function answerFromMemory(prompt: string, { messages }: AnswerContext): string {
  if (prompt !== PROMPTS.memory) {
    return "A rock above the Rhine, 132 metres high, where the river is narrow " +
      "and deep. The song about it made it known.";
  }
  const [, place = "none"] = /place is the (\w+)/.exec(
    messages.find(({ role }) => role === "user")?.content ?? "",
  ) ?? [];
  return `You told me about the ${place}: it is in your first message, which ` +
    "I still have. You did not have to send it again.";
}
