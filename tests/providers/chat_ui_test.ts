// What both versions of the server can, beside what is one provider's.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ChatUiServerOptions, createChatUi } from "../../mod.ts";
import type { RecordedRequest } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { createPair, MODELS, VERSIONS } from "./_chat_ui_pair.ts";
import { readForm } from "./_requests.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD" +
  "hgGAWjR9awAAAABJRU5ErkJggg==";

function toRoutes(requests: readonly RecordedRequest[]): readonly string[] {
  return requests.map(({ method, path }) =>
    `${method} ${path.replace(/[0-9a-f]{24}/, ":id")}`
  );
}

/** What the server has stored of a conversation. */
async function readStored(
  { upstream }: ReturnType<typeof createPair>,
  conversation: { readonly id: string; readonly cookies: object } | undefined,
): Promise<readonly { readonly content: string }[]> {
  const response = await upstream.fetch(
    `https://chat.example/api/conversation/${conversation?.id}`,
    {
      headers: {
        cookie: `hf-chat=${Object.values(conversation?.cookies ?? {})[0]}`,
      },
    },
  );
  return (await response.json()).messages;
}

for (const version of VERSIONS) {
  Deno.test(`createChatUi() loses no turn to a title that comes late: ${version}`, async () => {
    const late = Promise.withResolvers<void>();
    const pair = createPair({ version, lateTitle: late.promise });
    const { chatUi } = pair;
    const stream = chatUi.stream("One");
    const events = [];
    for await (const event of stream) {
      events.push(event.type);
      // The text is there before the title is.
      if (event.type === "text") late.resolve();
    }
    assertEquals(events.slice(-3), ["title", "conversation", "finish"]);
    let { conversation } = await chatUi.generate("Two");
    for (const prompt of ["Three", "Four"]) {
      ({ conversation } = await chatUi.generate(prompt, { conversation }));
    }
    const stored = await readStored(pair, conversation);
    assertEquals(stored.map(({ content }) => content), [
      "",
      "Two",
      "grey: Two (1)",
      "Three",
      "grey: Three (3)",
      "Four",
      "grey: Four (5)",
    ]);
  });

  Deno.test(`createChatUi() lets another model answer in the same chat: ${version}`, async () => {
    const { chatUi, upstream } = createPair({ version });
    const { conversation } = await chatUi.generate("One");
    const count = upstream.requests.length;
    const next = await chatUi.generate("Two", {
      conversation,
      model: "green",
    });
    assertEquals(next.text, "green: Two (3)");
    assertEquals(next.conversation?.id, conversation?.id);
    assertEquals(toRoutes(upstream.requests).slice(count), [
      "PATCH /conversation/:id",
      "GET /api/conversation/:id",
      "POST /conversation/:id",
    ]);
    // Who goes on with the older state has the older model again.
    const again = await chatUi.generate("Three", { conversation });
    assertEquals(again.text, "grey: Three (5)");
  });

  Deno.test(`createChatUi() lists models, and deletes a conversation: ${version}`, async () => {
    const { chatUi } = createPair({ version });
    assertEquals(await chatUi.listModels(), MODELS);
    const { conversation } = await chatUi.generate("One");
    assert(conversation !== undefined);
    const foreign = { ...conversation, provider: "Other" };
    const refused = await catchError(chatUi.deleteConversation(foreign));
    assertEquals(refused.code, "invalid-request");
    await chatUi.deleteConversation(conversation);
    for (
      const ask of [
        () => chatUi.deleteConversation(conversation),
        () => chatUi.generate("Two", { conversation }),
      ]
    ) assertEquals((await catchError(ask())).code, "conversation-expired");
  });

  Deno.test(`createChatUi() deletes what is temporary, however it ends: ${version}`, async () => {
    const isLast = (route = "") => route === "DELETE /conversation/:id";
    for (const prompt of ["well", "badly", "early"]) {
      const { chatUi, upstream } = createPair({
        version,
        *answer() {
          yield "Well";
          if (prompt === "badly") throw new Error("no");
        },
      }, { temporary: true });
      const stream = chatUi.stream(prompt);
      if (prompt === "early") await stream.next();
      else await readAll(stream);
      await stream.return();
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert(isLast(toRoutes(upstream.requests).at(-1)), prompt);
    }
  });

  Deno.test(`createChatUi() sends pictures, and gives those of the answer: ${version}`, async () => {
    const bytes = Uint8Array.from(atob(PNG), (c) => c.charCodeAt(0));
    const sha = "a".repeat(64);
    const { chatUi, upstream } = createPair({
      version,
      files: { [sha]: bytes },
      *answer(_prompt, { files }) {
        yield { type: "file", name: "b.png", sha, mime: "image/png" };
        yield { type: "file", name: "b.pdf", sha, mime: "application/pdf" };
        yield `${files.length} ${files[0]?.mime}`;
      },
    });
    const { text, images, warnings } = await chatUi.generate([{
      role: "user",
      content: [{ type: "image", image: PNG }],
    }]);
    assertEquals(text, "1 image/png");
    assertEquals(await images[0]?.bytes(), bytes);
    assertEquals(warnings.map(({ code }) => code), ["ignored-event"]);
    const { data } = await readForm(
      upstream.requests.find(({ body }) => body.includes("base64;")),
    );
    assertEquals("inputs" in JSON.parse(String(data)), false);
  });

  Deno.test(`createChatUi() tells what failed as a status would: ${version}`, async () => {
    const failures = [
      ["429 Slow down", 429, "rate-limit"],
      ["401 Who are you", 401, "authentication"],
      ["400 maximum context length is 8192 tokens", 400, "context-length"],
      ["500 It broke", 500, "upstream"],
      ["It broke", undefined, "upstream"],
    ] as const;
    for (const [message, statusCode, code] of failures) {
      const { chatUi, upstream } = createPair({
        version,
        answer() {
          throw Object.assign(new Error(message), { statusCode });
        },
      });
      const error = await catchError(chatUi.generate("One"));
      assertEquals([error.code, error.status], [code, statusCode]);
      const sent = toRoutes(upstream.requests)
        .filter((route) => route === "POST /conversation/:id");
      assertEquals(sent.length, 1);
    }
  });
}

Deno.test("createChatUi() joins what is said before and after a tool", async () => {
  const { chatUi, upstream } = createPair({
    version: "2026-08",
    *answer(_prompt, { toolServers }) {
      if (toolServers?.length === 0) return yield "no tools";
      yield "<think>I need";
      yield " a tool.</thi";
      yield "nk>Let me look.";
      yield { type: "tool", subtype: "call", uuid: "1" };
      const content = [{ type: "image", data: PNG, mimeType: "image/png" }];
      yield {
        type: "tool",
        subtype: "result",
        uuid: "1",
        result: { status: "success", outputs: [{ content }] },
      };
      yield { type: "routerMetadata", route: "r", model: "big", provider: "p" };
      yield "<think>Sunny.</think>It is sunny.";
    },
  });
  assertEquals((await chatUi.generate("Sun?")).text, "no tools");
  const tooled = createPair({}, { serverTools: true, fetch: upstream.fetch });
  const result = await tooled.chatUi.generate("Sun?");
  assertEquals(result.text, "Let me look.It is sunny.");
  assertEquals(result.reasoning, "I need a tool.Sunny.");
  assertEquals([result.images.length, result.responseModel], [1, "big"]);
});

Deno.test("createChatUi() takes the word of a server that it has finished", async () => {
  const { chatUi } = createPair({
    version: "2026-08",
    *answer() {
      yield "bad words";
      yield { type: "status", status: "finished" };
    },
  });
  const { text, finishReason } = await chatUi.generate("One");
  assertEquals([text, finishReason], ["bad words", "other"]);
});

Deno.test("createChatUi() says that a server wants a login", async () => {
  for (const version of VERSIONS) {
    const { chatUi } = createPair({ version, login: true });
    const { code } = await catchError(chatUi.generate("One"));
    assertEquals(code, "authentication");
  }
});

Deno.test("createChatUi() prefers a session of its caller to a stored one", async () => {
  const { chatUi } = createPair({ version: "2026-08" });
  const headers = { cookie: "hf-chat=mine; theme=dark" };
  const { conversation } = await chatUi.generate("One", { headers });
  assert(conversation !== undefined);
  const stale = { ...conversation, cookies: { "hf-chat": "old", other: "1" } };
  const { text } = await chatUi.generate("Two", {
    conversation: stale,
    headers,
  });
  assertEquals(text, "grey: Two (3)");
});

Deno.test("createChatUi() refuses wrong options", () => {
  const baseUrl = "https://chat.example";
  for (
    const wrong of [{ serverTools: 1 }, { temporary: "yes" }, { id: "" }, {
      tools: true,
    }]
  ) {
    assertThrows(
      () => createChatUi({ baseUrl, ...wrong } as ChatUiServerOptions),
      Error,
    );
  }
});
