import { decodeBase64 } from "@std/encoding/base64";
import type { RawRequest } from "./_raw_server.ts";

/** What a request carried; what it did not carry is absent. */
export interface Sent {
  /** Method and path. */
  readonly to: string;
  /** The JSON of the body. */
  readonly json?: unknown;
  /** The JSON in the field "data" of a form. */
  readonly data?: unknown;
  readonly cookie?: string;
  readonly authorization?: string;
}

/** Where the conversation of the recordings is. */
const CONVERSATION = "/conversation/6b00f078b405e42d3262d7d2";
const SYSTEM_MESSAGE = "5bb67e1a-ecf0-4d78-ac8a-37e052cac1ae";
const LAST_ANSWER = "bb6af0aa-384d-4642-9205-2af39306ca1f";
const COOKIE = "hf-chat=1ebaaba5-60e6-4b3a-8084-2d6080485781";
const HELLO = { role: "user", content: "Hello there" };

function create(model = "command-a-03-2025", preprompt = ""): Sent {
  return { to: "POST /conversation", json: { model, preprompt } };
}

function ask(inputs: string, id: string, cookie = COOKIE): Sent[] {
  const data = {
    inputs,
    id,
    is_retry: false,
    is_continue: false,
    web_search: false,
    tools: [],
  };
  return [
    { to: `GET ${CONVERSATION}/__data.json`, cookie },
    { to: `POST ${CONVERSATION}`, cookie, data },
  ];
}

const first = ask("Hello there", SYSTEM_MESSAGE);

/** What the requests of chat-ui scenarios carry, where it is not the usual. */
export const CHAT_UI_REQUESTS: Readonly<Record<string, readonly Sent[]>> = {
  "usual": [create(), ...first],
  "cohere-second-turn": [create(), ...first, ...ask("And again", LAST_ANSWER)],
  "cohere-second-turn-other-model": [
    create(),
    ...first,
    create("command-r-08-2024"),
    ...ask(
      "User: Hello there\nAssistant: Hello world!\nUser: And again\nAssistant:",
      LAST_ANSWER,
    ),
  ],
  "cohere-api-key": [create(), ...first].map((sent) => ({
    ...sent,
    authorization: "Bearer hf_test",
  })),
  "cohere-create-400": [create()],
  "cohere-two-cookies": [
    create(),
    ...ask("Hello there", SYSTEM_MESSAGE, `${COOKIE}; spaces-jwt=abc.def`),
  ],
  "cohere-data-redirect": [create(), ...first.slice(0, 1)],
  "cohere-message-429": [create(), ...first, ...first, ...first],
};

function askAutonomousAi(
  model = "llama",
  path = "/api/v1/ai/chat",
  messages: unknown = [HELLO],
): Sent {
  const json = { messages, threadId: model, stream: true, aiAgent: model };
  return { to: `POST ${path}`, json };
}

/** The same for AutonomousAI; `messages` are those inside the base64. */
export const AUTONOMOUS_AI_REQUESTS: Readonly<
  Record<string, readonly Sent[]>
> = {
  "usual": [askAutonomousAi()],
  "autonomous-models": [askAutonomousAi("hermes", "/api/v1/ai/chat-hermes")],
  "autonomous-unicode-request": [
    askAutonomousAi("llama", "/api/v1/ai/chat", [
      { role: "system", content: "Sé breve" },
      { role: "user", content: "日本 👋" },
    ]),
  ],
  "autonomous-429": [askAutonomousAi(), askAutonomousAi(), askAutonomousAi()],
};

function askAmigoChat(fields: Record<string, unknown> = {}): Sent {
  return {
    to: "POST /v1/chat/completions",
    authorization: "Bearer",
    json: {
      frequency_penalty: 0,
      max_tokens: 4000,
      messages: [HELLO],
      model: "gpt-4o-mini",
      personaId: "amigo",
      presence_penalty: 0,
      stream: true,
      temperature: 0.5,
      top_p: 0.95,
      ...fields,
    },
  };
}

function askAmigoChatImage(model: string, persona: string, prompt: string) {
  return {
    to: "POST /v1/images/generations",
    authorization: "Bearer",
    json: { prompt, model, personaId: persona },
  };
}

/** The same for AmigoChat, without the random chat ids. */
export const AMIGO_CHAT_REQUESTS: Readonly<Record<string, readonly Sent[]>> = {
  "usual": [askAmigoChat()],
  "amigo-options": [askAmigoChat({
    messages: [{ role: "system", content: "S" }, HELLO],
    temperature: 0,
    top_p: 0.1,
    max_tokens: 5,
    presence_penalty: 1,
    frequency_penalty: 2,
  })],
  "amigo-unknown-model": [],
  "amigo-429-then-ok": [askAmigoChat(), askAmigoChat()],
  "amigo-non-stream-json": [askAmigoChat({ stream: false })],
  "amigo-image-two": [askAmigoChatImage("flux/dev", "flux-dev", "two cats")],
  "amigo-image-b64-only": [
    askAmigoChatImage("dall-e-3", "dalle-three", "Hello there"),
  ],
  "amigo-image-no-data": [
    askAmigoChatImage("dall-e-3", "dalle-three", "Hello there"),
  ],
};

function askAiChats(type = "chat", content = "Hello there"): Sent {
  const json = { type, messagesHistory: [{ from: "you", content }] };
  return { to: "POST /chat/send2/", json };
}

const picture: Sent = { to: "GET /img/1.png" };

/** The same for AiChats. */
export const AI_CHATS_REQUESTS: Readonly<Record<string, readonly Sent[]>> = {
  "usual": [askAiChats()],
  "aichats-500": [askAiChats(), askAiChats(), askAiChats()],
  "aichats-dalle": [askAiChats("image", "a cat ü"), picture],
  "aichats-dalle-image-404": [askAiChats("image"), picture],
};

/** Reads what a request carried. */
export async function toSent(request: RawRequest): Promise<Sent> {
  const { method, path, headers, body } = request;
  const cookie = headers.get("cookie");
  const authorization = headers.get("authorization");
  const type = headers.get("content-type") ?? "";
  return {
    to: `${method} ${path.replace(/\?.*/, "")}`,
    ...(type === "application/json" && { json: toPlain(JSON.parse(body)) }),
    ...(type.startsWith("multipart/") && { data: await readForm(body, type) }),
    ...(cookie !== null && { cookie }),
    ...(authorization !== null && { authorization }),
  };
}

async function readForm(body: string, type: string): Promise<unknown> {
  const headers = { "content-type": type };
  const form = await new Response(body, { headers }).formData();
  const { generationId: _, selectedMcpServerNames: _none, ...data } = JSON
    .parse(
      String(form.get("data")),
    );
  return data;
}

/** Leaves out what is random, and reads what is packed. */
function toPlain(json: Record<string, unknown>): unknown {
  const { chatId: _chatId, ...fields } = json;
  if (typeof fields.messages !== "string") return fields;
  const text = new TextDecoder().decode(decodeBase64(fields.messages));
  return { ...fields, messages: JSON.parse(text) };
}
