import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  createOpenAiCompatible,
} from "@parley/chat";
import { createConversationSealer, createGateway } from "@parley/gateway";
import {
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createFaultyUpstream,
  createOpenAiUpstream,
  type RecordedRequest,
} from "@parley/testing";
import { ANSWERS, stall, write } from "./_page_answers.ts";

/** The key of the gateway that wants one. */
export const API_KEY = "a-key-for-the-page";

/** The models of the gateway, by what they do. */
export const MODELS = {
  writes: "AutonomousAI/llama",
  stalls: "AmigoChat/gpt-4o-mini",
  draws: "AiChats/dalle",
  refuses: "refusing",
  remembers: "CohereForAI_C4AI_Command/command-r-08-2024",
  restarts: "changing",
  formats: "page/formats",
  thinks: "page/thinks",
  attacks: "page/attacks",
  floods: "page/floods",
  sees: "page/sees",
} as const;

/** A gateway for the page. */
export interface PageGateway extends AsyncDisposable {
  /** Where the page is. */
  readonly url: string;
  /** What the server of the model that remembers was asked. */
  readonly remembered: readonly RecordedRequest[];
  /** The bodies that the gateway was sent. */
  readonly requests: readonly string[];
}

/**
 * Starts a gateway over models that do what they are called by.
 *
 * @param apiKeys The keys that open it; without one it is open.
 */
export function servePage(apiKeys: readonly string[] = []): PageGateway {
  const delay = 20;
  const autonomousAi = createAutonomousAi({
    fetch: createAutonomousAiUpstream({ delay, answer: write }).fetch,
  });
  const chatUi = createChatUiUpstream({ answer: (prompt) => `Yes, ${prompt}` });
  const amigoChat = createAmigoChatUpstream({ delay, answer: stall });
  const refusing = createFaultyUpstream(createAiChatsUpstream(), {
    faults: [{
      type: "respond",
      status: 429,
      headers: { "retry-after": "120" },
    }],
    times: 1,
  });
  const broken = createFaultyUpstream(
    createAmigoChatUpstream({ delay, answer: () => "The Rhine rises in the" }),
    { faults: [{ type: "reset", after: { events: 5 } }] },
  );
  const models = Object.keys(ANSWERS);
  const { fetch } = createOpenAiUpstream({
    delay: 5,
    models,
    reasoningModels: [],
    imageModels: [],
    answer: (prompt, { model }) => ANSWERS[model]?.(prompt) ?? "",
  });
  const page = createOpenAiCompatible({
    id: "page",
    baseUrl: "https://page.example/v1",
    models,
    reasoningTags: true,
    fetch,
  });
  const gateway = createGateway({
    providers: [
      autonomousAi,
      createAmigoChat({ fetch: amigoChat.fetch }),
      createAiChats({ fetch: createAiChatsUpstream().fetch }),
      createCohereC4aiCommand({ fetch: chatUi.fetch }),
      page,
    ],
    routes: {
      [MODELS.refuses]: [createAiChats({ fetch: refusing.fetch })],
      [MODELS.restarts]: [
        createAmigoChat({ fetch: broken.fetch, maxRetries: 0 }),
        autonomousAi,
      ],
    },
    apiKeys,
    allowAnonymous: apiKeys.length === 0,
    conversations: createConversationSealer({
      key: crypto.getRandomValues(new Uint8Array(32)),
    }),
  });
  const requests: string[] = [];
  const closing = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: closing.signal,
    onListen() {},
  }, async (request) => {
    if (request.method === "POST") requests.push(await request.clone().text());
    return await gateway(request);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    remembered: chatUi.requests,
    requests,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await server.finished;
    },
  };
}
