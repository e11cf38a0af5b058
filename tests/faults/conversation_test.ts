// What a server says about a conversation, and what a caller has stored.
import { assertEquals } from "@std/assert";
import {
  type Conversation,
  parseConversation,
  type ProviderError,
} from "../../mod.ts";
import { CONVERSATION_ID, MESSAGE_ID, toPageData } from "../_chat_ui.ts";
import { RawServer } from "../_raw_server.ts";
import { IMPATIENT } from "../providers/_requests.ts";
import {
  CHAT_UI,
  PROVIDERS,
  toAnswer,
  toConversation,
} from "../contract/_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { answerWith, ScriptedFetch } from "../contract/_scripted_fetch.ts";

const STORED: Conversation = parseConversation(
  toConversation(CHAT_UI, { "hf-chat": "old" }),
);

/** Fails where every object has suddenly another property. */
function checkPrototype(): void {
  assertEquals(Object.keys(Object.prototype), []);
  assertEquals("polluted" in {}, false);
}

Deno.test("CohereForAI_C4AI_Command sends back its server's cookies, over a socket [C01] [C02]", async () => {
  const date = "Expires=Fri, 01 Jan 2100 00:00:00 GMT";
  const cookies = [
    `a=1; Path=/; ${date}; HttpOnly`,
    `b=2; ${date}, 01-Jan-2100; SameSite=Lax`,
    "secure=3; Path=/; Secure; SameSite=None",
    "foreign=4; Domain=another.example",
    "elsewhere=5; Path=/elsewhere",
    "past=6; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ];
  await using server = new RawServer(async (connection, { method, path }) => {
    if (path === "/conversation") {
      const headers = cookies.map((cookie) => ["set-cookie", cookie] as const);
      const created = JSON.stringify({ conversationId: CONVERSATION_ID });
      await connection.respond(200, headers, created);
    } else if (method === "GET") {
      await connection.respond(200, [], toPageData());
    } else {
      const renewed = [["set-cookie", "a=7; Path=/"]] as const;
      await connection.respond(200, renewed, toAnswer(CHAT_UI));
    }
  });
  const provider = CHAT_UI.create({ baseUrl: server.origin });
  const { conversation } = await provider.generate("Hello");
  assertEquals(
    server.requests.map(({ headers }) => headers.get("cookie")),
    [null, "a=1; b=2; secure=3", "a=1; b=2; secure=3"],
  );
  assertEquals(conversation?.cookies, { a: "7", b: "2", secure: "3" });
});

Deno.test("CohereForAI_C4AI_Command takes no cookie of a refusal [S24] [C12]", async () => {
  const before = JSON.stringify(STORED);
  const headers = { "set-cookie": "hf-chat=planted; Path=/" };
  for (const status of [401, 429, 503]) {
    const network = new ScriptedFetch(() =>
      new Response("no", { status, headers })
    );
    const provider = CHAT_UI.create({ ...IMPATIENT, fetch: network.fetch });
    const { events, error } = await readAll(
      provider.stream("Hello", { conversation: STORED }),
    );
    assertEquals([error?.status, events], [status, []]);
    for (const { headers } of network.requests) {
      assertEquals(headers.get("cookie"), "hf-chat=old");
    }
  }
  assertEquals(JSON.stringify(STORED), before);
});

Deno.test("CohereForAI_C4AI_Command leaves a conversation as it is after an abort [C12]", async () => {
  const before = JSON.stringify(STORED);
  const { fetch } = answerWith(CHAT_UI, toAnswer(CHAT_UI));
  const provider = CHAT_UI.create({ fetch });
  const controller = new AbortController();
  const stream = provider.stream("Hello", {
    conversation: STORED,
    signal: controller.signal,
  });
  await stream.next();
  controller.abort("enough");
  assertEquals(await stream.next().catch((error) => error), "enough");
  assertEquals(JSON.stringify(STORED), before);
  // It is free for the next run.
  const { text } = await provider.generate("Hello", { conversation: STORED });
  assertEquals(text, CHAT_UI.text);
});

Deno.test("CohereForAI_C4AI_Command takes nothing from names of a prototype [C05]", async () => {
  const evil = '"__proto__":{"polluted":1,"id":"x"},"constructor":{"id":"y"}';
  const pages = [
    `{"type":"data","nodes":[null,{${evil},"type":"data","data":[{"messages":1,"__proto__":2},[2],{"id":3,"constructor":2},"${MESSAGE_ID}"]}]}\n`,
    `{${evil},"type":"data","nodes":[null,{"type":"data","data":[{"messages":1},[2],{"__proto__":3},"${MESSAGE_ID}"]}]}\n`,
  ];
  const outcomes: (string | undefined)[] = [];
  for (const page of pages) {
    const network = answerWith(
      CHAT_UI,
      `{${evil},"type":"status","status":"x"}\n${toAnswer(CHAT_UI)}`,
    );
    const provider = CHAT_UI.create({
      fetch: (url, init) =>
        String(url).includes("__data.json")
          ? Promise.resolve(new Response(page))
          : network.fetch(url, init),
    });
    outcomes.push(
      await provider.generate("Hello").then(
        () => JSON.parse(network.answers[0]?.body ?? "{}").id,
        ({ code }: ProviderError) => code,
      ),
    );
    checkPrototype();
  }
  assertEquals(outcomes, [MESSAGE_ID, "bad-response"]);
});

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} takes nothing from a conversation with names of a prototype [C04] [C05]`, async () => {
    const { provider: _provider, ...rest } = STORED;
    const stored = JSON.stringify(rest).replace(
      "{",
      `{"__proto__":{"provider":"${provider.name}","polluted":1},`,
    );
    const network = answerWith(provider, toAnswer(provider));
    const error = await catchError(
      provider.create({ fetch: network.fetch })
        .generate("Hello", { conversation: JSON.parse(stored) }),
    );
    assertEquals([error.code, network.requests], ["invalid-request", []]);
    checkPrototype();
  });
}
