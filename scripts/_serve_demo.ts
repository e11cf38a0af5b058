import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
} from "@parley/chat";
import type { GatewayOptions } from "@parley/gateway";
import {
  type AnswerContext,
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createFaultyUpstream,
} from "@parley/testing";

/**
 * Makes providers that need no network: each asks the server that comes with
 * the library. Of the routes of `demo-failover` the first one breaks off in the
 * middle of every other answer.
 *
 * @param delay Milliseconds before each word.
 * @returns What a gateway serves.
 */
export function createDemo(
  delay: number,
): Required<Pick<GatewayOptions, "providers" | "routes">> {
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
  return {
    providers: [
      createAiChats({ fetch: createAiChatsUpstream(options).fetch }),
      createAmigoChat({ fetch: amigoChat.fetch }),
      autonomousAi,
      createCohereC4aiCommand({ fetch: createChatUiUpstream(options).fetch }),
    ],
    routes: { "demo-failover": [flaky, autonomousAi] },
  };
}

function answer(prompt: string, { model, messages }: AnswerContext): string {
  // Some protocols put the whole conversation into the prompt.
  const [, question = prompt] =
    /(?:^|\n)User: ((?:(?!\nUser: )[^])*)\nAssistant:$/.exec(prompt) ?? [];
  return `You asked: **${question.slice(0, 200)}**\n\n` +
    "I come with the library, and I know nothing. But I answer word by word, " +
    "as the big models do, and I can be cut, stopped and taken over.\n\n" +
    "```ts\n" +
    `const model = ${JSON.stringify(model)};\n` +
    `const messages = ${messages.length};\n` +
    "```\n\n" +
    "Set `PARLEY_OPENAI_BASE_URL` to ask a model that knows more.";
}
