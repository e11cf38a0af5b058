import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  createOpenAiCompatible,
} from "@parley/chat";
import type { GatewayOptions } from "@parley/gateway";
import {
  type AnswerContext,
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createFaultyUpstream,
  createOpenAiUpstream,
} from "@parley/testing";

/**
 * Makes models that need no network: each asks a server that comes with the
 * library, and shows something else. The first route of `demo-failover` breaks
 * off in the middle of every other answer.
 *
 * @param delay Milliseconds before each word.
 * @returns What a gateway serves.
 */
export function createDemo(
  delay: number,
): Required<Pick<GatewayOptions, "routes">> {
  const options = { delay, answer };
  const amigoChat = createAmigoChatUpstream(options);
  const autonomousAi = createAutonomousAi({
    fetch: createAutonomousAiUpstream(options).fetch,
  });
  const broken = createFaultyUpstream(amigoChat, {
    faults: [{ type: "reset", after: { events: 14 } }],
  });
  let count = 0;
  const flaky = createAmigoChat({
    fetch: (...request) =>
      (count++ % 2 === 0 ? broken : amigoChat).fetch(...request),
  });
  const thinking = createOpenAiCompatible({
    id: "Thinking",
    baseUrl: "https://thinking.example/v1",
    models: ["gpt-4o"],
    reasoningTags: true,
    fetch: createOpenAiUpstream({ delay, answer: think }).fetch,
  });
  const remembering = createCohereC4aiCommand({
    fetch: createChatUiUpstream(options).fetch,
  });
  const drawing = createAiChats({
    fetch: createAiChatsUpstream(options).fetch,
  });
  return {
    routes: {
      "demo": [autonomousAi],
      "demo-failover": [flaky, autonomousAi],
      "demo-thinking": [thinking],
      "demo-conversation": [remembering],
      "demo-pictures": [{ provider: drawing, model: "dalle" }],
    },
  };
}

function answer(prompt: string, { model, messages }: AnswerContext): string {
  // Some protocols put the whole conversation into the prompt.
  const [, question = prompt] =
    /(?:^|\n)User: ((?:(?!\nUser: )[^])*)\nAssistant:$/.exec(prompt) ?? [];
  return `You asked: **${question.slice(0, 200)}**\n\n` +
    "I come with the library, and I know nothing. But I answer word by word, " +
    "as the big models do, and I can be cut, stopped and taken over.\n\n" +
    "| Model | Shows |\n" +
    "|---|---|\n" +
    "| `demo` | an answer |\n" +
    "| `demo-failover` | how another model takes over, every other time |\n" +
    "| `demo-thinking` | what a model thinks first |\n" +
    "| `demo-conversation` | a thread that its server keeps |\n" +
    "| `demo-pictures` | a picture |\n\n" +
    "```ts\n" +
    `const model = ${JSON.stringify(model)};\n` +
    `const messages = ${messages.length};\n` +
    "```\n\n" +
    "Set `PARLEY_OPENAI_BASE_URL` to ask a model that knows more.";
}

function think(prompt: string, context: AnswerContext): string {
  return "<think>I am asked something, and I know nothing. I could say so at " +
    "once; but then nobody would see what thinking looks like. So I think a " +
    `little longer, and say it then.</think>${answer(prompt, context)}`;
}
