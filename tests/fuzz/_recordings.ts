import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
} from "../../mod.ts";
import { concatBytes, toBytes } from "../_body.ts";
import { CONVERSATION_ID, toPageData } from "../_chat_ui.ts";
import {
  createScript,
  readScenarios,
  type ScenarioCall,
  toPieces,
} from "../_scenarios.ts";
import { readVectors, toChunks, type VectorInput } from "../_vectors.ts";
import { readExchanges } from "../../packages/testing/tests/_chat_ui_exchanges.ts";
import { BASE, type Recording, type Reply } from "./_replay.ts";

const CREATORS = {
  ai_chats: createAiChats,
  amigo_chat: createAmigoChat,
  autonomous_ai: createAutonomousAi,
  chat_ui: createCohereC4aiCommand,
};

/** One question to the default model. */
export const HELLO: readonly ScenarioCall[] = [
  { model: "", messages: [{ role: "user", content: "Hello" }] },
];

const EXPIRES = "Fri, 01 Jan 2027 00:00:00 GMT";

/** The scenarios of one provider. */
export async function readScenarioRecordings(
  name: keyof typeof CREATORS,
): Promise<readonly Recording[]> {
  const scenarios = Object.entries(await readScenarios(name));
  return scenarios.map(([id, scenario]) => ({
    id,
    create: CREATORS[name],
    calls: scenario.calls,
    start: () => {
      const find = createScript(scenario);
      return (method, path) => {
        const response = find(method, path);
        return response && {
          status: response.status ?? 200,
          headers: response.headers.map(([name, value]) => [
            name,
            value.replace("{EXPIRES}", EXPIRES),
          ]),
          body: concatBytes(
            response.chunks.flatMap((chunk) => toPieces(chunk, BASE)),
          ),
          isCut: response.end === "cut",
        };
      };
    },
  }));
}

/** Makes a reply of a body. */
export function toReply(
  body: string | Uint8Array,
  mediaType = "application/jsonl",
  status = 200,
): Reply {
  const headers = [["content-type", mediaType]] as const;
  return { status, headers, body: toBytes(body) };
}

/** What a chat-ui server is asked for, by the path that it is asked at. */
function toRoute(path: string): keyof typeof USUAL {
  if (/^\/api\/|\/stream/.test(path)) return "missing";
  if (path.includes("__data.json")) return "page";
  return path === "/conversation" ? "creation" : "answer";
}

const USUAL = {
  creation: toReply(
    JSON.stringify({ conversationId: CONVERSATION_ID }),
    "application/json",
  ),
  page: toReply(toPageData()),
  answer: toReply('{"type":"finalAnswer","text":"Hello"}\n'),
  missing: toReply('{"message":"Not Found"}', "application/json", 404),
};

/** A chat-ui server of which one answer is recorded. */
export function toChatUiRecording(
  id: string,
  route: keyof typeof USUAL,
  reply: Reply,
): Recording {
  const replies = { ...USUAL, [route]: reply };
  return {
    id,
    create: createCohereC4aiCommand,
    calls: HELLO,
    start: () => (_method, path) => replies[toRoute(path)],
  };
}

/** What a real chat-ui server answered. */
export async function readChatUiRecordings(): Promise<readonly Recording[]> {
  return (await readExchanges("exchanges")).map(({ id, request, response }) =>
    toChatUiRecording(id, toRoute(request.path), {
      status: response.status,
      headers: Object.entries(response.headers).map(([name, value]) =>
        [name, String(value)] as const
      ),
      body: toBytes(response.body),
    })
  );
}

interface Vectors {
  readonly cases: readonly (VectorInput & { readonly name: string })[];
}

interface PageVectors {
  readonly cases: readonly {
    readonly name: string;
    readonly body: string;
    readonly contentType?: string;
    readonly httpStatus?: number;
  }[];
}

/** The vectors of the splitters and of page data, as answers of servers. */
export async function readVectorRecordings(): Promise<readonly Recording[]> {
  const sse = await readVectors<Vectors>("sse");
  const lines = await readVectors<Vectors>("ndjson");
  const pages = await readVectors<PageVectors>("page_data");
  const events = sse.cases.flatMap(({ name, ...input }) => {
    const reply = toReply(concatBytes(toChunks(input)), "text/event-stream");
    const { chat_ui: _, ...creators } = CREATORS;
    return Object.entries(creators).map(([provider, create]): Recording => ({
      id: `${name} of ${provider}`,
      create,
      calls: HELLO,
      start: () => () => reply,
    }));
  });
  return [
    ...events,
    ...lines.cases.map(({ name, ...input }) =>
      toChatUiRecording(name, "answer", toReply(concatBytes(toChunks(input))))
    ),
    ...pages.cases.map(({ name, body, contentType, httpStatus }) =>
      toChatUiRecording(name, "page", toReply(body, contentType, httpStatus))
    ),
  ];
}
