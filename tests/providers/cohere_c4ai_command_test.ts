import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { toText } from "@std/streams";
import { ProviderError } from "../../core/chat/errors.ts";
import {
  cohereC4aiCommand,
  createCohereC4aiCommand,
} from "../../providers/cohere_c4ai_command.ts";
import { createChatUiUpstream } from "@parley/testing";
import {
  readForm,
  readHeaders,
  readJson,
  toAttributes,
  toRoutes,
} from "./_requests.ts";

const SITE = "https://cohereforai-c4ai-command.hf.space";
const MODELS = [
  "command-a-03-2025",
  "command-r-plus-08-2024",
  "command-r-08-2024",
  "command-r-plus",
  "command-r",
  "command-r7b-12-2024",
  "command-r7b-arabic-02-2025",
];
const ALIASES = {
  "command-a": "command-a-03-2025",
  "command-r7b": "command-r7b-12-2024",
};

/** A server whose answers are always the same, and who asks it. */
function createPair() {
  const upstream = createChatUiUpstream({ answer: () => "Good day" });
  const provider = createCohereC4aiCommand({ fetch: upstream.fetch });
  return { upstream, provider };
}

Deno.test("cohereC4aiCommand has the attributes of its site", () => {
  assertEquals(toAttributes(cohereC4aiCommand), {
    id: "CohereForAI_C4AI_Command",
    label: "CohereForAI C4AI Command",
    url: SITE,
    baseUrl: SITE,
    working: true,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    acceptsImages: true,
    settings: [],
    toolSupport: "none",
    outputSupport: "none",
    defaultModel: "command-a-03-2025",
    models: MODELS,
    imageModels: [],
    modelAliases: ALIASES,
  });
});

Deno.test("cohereC4aiCommand asks each model", async () => {
  const names = [...MODELS, ...Object.keys(ALIASES)];
  for (const name of names) {
    const { upstream, provider } = createPair();
    const { text, model } = await provider.generate("Hi", { model: name });
    assertEquals([text, model], ["Good day", provider.getModel(name)]);
    assertEquals(readJson(upstream.requests[0]), { model, preprompt: "" });
  }
});

Deno.test("cohereC4aiCommand sends these requests [S03]", async () => {
  const { upstream, provider } = createPair();
  const { conversation } = await provider.generate("Grüße, 日本 👋🏽");
  assert(conversation !== undefined);
  const { id, cookies } = conversation;
  const [create, read, send] = upstream.requests;
  assertEquals(upstream.requests.map(({ method, url }) => `${method} ${url}`), [
    `POST ${SITE}/conversation`,
    `GET ${SITE}/api/conversation/${id}`,
    `POST ${SITE}/conversation/${id}`,
  ]);

  const usual = {
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.9",
    "origin": SITE,
    "referer": `${SITE}/`,
  };
  const cookie = `hf-chat=${cookies["hf-chat"]}`;
  assertEquals(readHeaders(create), {
    ...usual,
    "content-type": "application/json",
  });
  assertEquals(readHeaders(read), { ...usual, cookie });
  const { "content-type": type = "", ...headers } = readHeaders(send);
  assertEquals(headers, { ...usual, cookie });
  assertMatch(type, /^multipart\/form-data; boundary=/);

  assertEquals(readJson(create), {
    model: "command-a-03-2025",
    preprompt: "",
  });
  assertEquals(read?.body, "");
  const form = await readForm(send);
  assertEquals(Object.keys(form), ["data"]);
  const { id: parent, generationId, ...data } = JSON.parse(String(form.data));
  assertMatch(parent, /^[0-9a-f-]{36}$/);
  assertMatch(generationId, /^[0-9a-f-]{36}$/);
  assertEquals(data, {
    inputs: "Grüße, 日本 👋🏽",
    is_retry: false,
    is_continue: false,
    web_search: false,
    tools: [],
    selectedMcpServerNames: [],
  });
});

Deno.test("cohereC4aiCommand sends a chat as one prompt, without its system messages", async () => {
  const { upstream, provider } = createPair();
  await provider.generate([
    { role: "system", content: "Отвечай кратко" },
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Good day" },
    { role: "system", content: "In Versen" },
    { role: "user", content: "\t" },
    { role: "user", content: [{ type: "text", text: "Who are you?" }] },
  ]);
  const [create, , send] = upstream.requests;
  assertEquals(readJson(create).preprompt, "Отвечай кратко\nIn Versen");
  const { data } = await readForm(send);
  assertEquals(
    JSON.parse(String(data)).inputs,
    "User: Hello\nAssistant: Good day\nUser: Who are you?\nAssistant:",
  );
});

Deno.test("cohereC4aiCommand sends a single message as it is", async () => {
  for (const role of ["system", "user", "assistant"] as const) {
    const { upstream, provider } = createPair();
    await provider.generate([{ role, content: " Hello " }]);
    const { data } = await readForm(upstream.requests[2]);
    assertEquals(JSON.parse(String(data)).inputs, " Hello ");
  }
});

Deno.test("cohereC4aiCommand sends a key, a session and headers with every request", async () => {
  const { upstream } = createPair();
  const provider = createCohereC4aiCommand({
    fetch: upstream.fetch,
    apiKey: "hf_1",
    headers: { "Cookie": "token=1", "accept-language": "de" },
  });
  const { conversation } = await provider.generate("Hello", {
    headers: { "x-a": "1" },
  });
  const session = `hf-chat=${conversation?.cookies["hf-chat"]}`;
  const all = upstream.requests.map(readHeaders);
  assertEquals(
    all.map(({ cookie }) => cookie),
    ["token=1", `${session}; token=1`, `${session}; token=1`],
  );
  // What is the caller's own is not stored with the conversation.
  assertEquals(Object.keys(conversation?.cookies ?? {}), ["hf-chat"]);
  for (const headers of all) {
    assertEquals(headers.authorization, "Bearer hf_1");
    assertEquals([headers["accept-language"], headers["x-a"]], ["de", "1"]);
  }
});

Deno.test("cohereC4aiCommand asks another server, below a path, over a socket", async () => {
  const models = ["llama-4-scout", "qwen-3"];
  const upstream = createChatUiUpstream({ prefix: "/hub", models });
  await using server = upstream.serve();
  const baseUrl = `${server.url}/hub`;
  const provider = createCohereC4aiCommand({ baseUrl: `${baseUrl}/`, models });
  assertEquals([provider.models, provider.modelAliases], [models, {}]);
  const stream = provider.stream("Hello");
  const text = await toText(stream.textStream());
  assertStringIncludes(text, "You said: Hello\n");
  assertStringIncludes(text, "Zürich! 👋🏽");
  const [create, read, send] = toRoutes(upstream);
  assertEquals(create, "POST /hub/conversation");
  assertMatch(
    read ?? "",
    /^GET \/hub\/api\/conversation\/[0-9a-f]{24}$/,
  );
  assertMatch(send ?? "", /^POST \/hub\/conversation\/[0-9a-f]{24}$/);
  for (const { headers } of upstream.requests) {
    assertEquals(headers.get("origin"), server.url);
    assertEquals(headers.get("referer"), `${baseUrl}/`);
  }
  assertEquals(readJson(upstream.requests[0]).model, "llama-4-scout");
  assertThrows(() => provider.getModel("command-a"), ProviderError);
});
