// An answer whose connection breaks is found again on the server.
import { assertEquals } from "@std/assert";
import { createChatUi, type Provider } from "../../mod.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { createPair, VERSIONS } from "./_chat_ui_pair.ts";
import { interpose } from "./_requests.ts";

/** A provider whose answers do not come as the server writes them. */
function createBroken(
  { chatUi, upstream }: ReturnType<typeof createPair>,
  change: (response: Response) => Response | Promise<Response>,
  hasLog = true,
): Provider {
  return createChatUi({
    baseUrl: chatUi.baseUrl,
    defaultModel: "grey",
    fetch: interpose(upstream, async (request) => {
      const isMessage = request.method === "POST" &&
        /\/conversation\/\w{24}$/.test(request.url);
      if (isMessage) return change(await upstream.fetch(request));
      const isLog = request.url.includes("/stream?");
      return isLog && !hasLog ? new Response(null, { status: 404 }) : undefined;
    }),
  });
}

/** An answer whose connection breaks after some bytes. */
async function breakOff(response: Response, bytes: number): Promise<Response> {
  const pieces = [(await response.bytes()).slice(0, bytes)];
  return new Response(
    new ReadableStream({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.error(new TypeError("reset"));
      },
    }),
    response,
  );
}

for (const version of VERSIONS) {
  Deno.test(`createChatUi() finds an answer again whose connection broke: ${version}`, async () => {
    const words = Array.from({ length: 40 }, (_, index) => ` word${index}`);
    const cuts = [0, 400, 1_500, 1_501, 4_000];
    const ways = [true, false].flatMap((hasLog) =>
      cuts.map((cut) => ({ hasLog, cut }))
    );
    for (const { hasLog, cut } of ways) {
      const pair = createPair({ version, answer: () => words });
      let posts = 0;
      const broken = createBroken(pair, (response) => {
        posts++;
        // The server keeps its own connection, to a proxy.
        return breakOff(response, cut);
      }, hasLog);
      const { events, text, error } = await readAll(broken.stream("Go"));
      assertEquals([error, text, posts], [undefined, words.join(""), 1]);
      assertEquals(events.filter(({ type }) => type === "title").length, 1);
    }
  });
}

for (const version of VERSIONS) {
  Deno.test(`createChatUi() finds its own answer where another goes on with the chat: ${version}`, async () => {
    const pair = createPair({
      version,
      answer: (prompt) => `Answer to ${prompt}`,
    });
    const { conversation } = await pair.chatUi.generate("One");
    const broken = createBroken(pair, async (response) => {
      await response.bytes();
      await pair.chatUi.generate("Three", { conversation });
      return new Response(
        new ReadableStream({
          pull: (controller) => controller.error(new TypeError("reset")),
        }),
        response,
      );
    });
    assertEquals(
      (await broken.generate("Two", { conversation })).text,
      "Answer to Two",
    );
  });
}

Deno.test("createChatUi() gives what a caller can go on with where an answer is lost", async () => {
  const pair = createPair({
    async *answer(prompt) {
      yield "Well";
      if (prompt === "One") await new Promise(() => {});
    },
  });
  const broken = createBroken(pair, (response) => {
    const reader = response.body?.getReader();
    let count = 0;
    return new Response(
      new ReadableStream({
        async pull(controller) {
          const { value } = await reader?.read() ?? {};
          if (value && count++ < 4) return controller.enqueue(value);
          await reader?.cancel();
          controller.error(new TypeError("reset"));
        },
      }),
      response,
    );
  });
  const error = await catchError(broken.generate("One"));
  assertEquals([error.code, error.partial?.text], ["incomplete", "Well"]);
  const conversation = error.partial?.conversation;
  assertEquals(
    (await pair.chatUi.generate("Two", { conversation })).text,
    "Well",
  );
});

Deno.test("createChatUi() goes on with a chat whose server was ended within an answer", async () => {
  const { chatUi, upstream } = createPair({ version: "2026-08" });
  const fetch = interpose(upstream, async (request) => {
    if (!/\/api\/.*conversations?\//.test(request.url)) return undefined;
    const stored = await (await upstream.fetch(request)).json();
    const { json, ...rest } = stored;
    const chat = json ?? rest;
    // All that such a server stores at its end, and where it says so.
    const ended = {
      content: "",
      updates: [],
      ...json && { interrupted: true },
    };
    const messages = chat.messages.map((message: object, index: number) =>
      index === 2 ? { ...message, ...ended } : message
    );
    const changed = { ...chat, messages };
    return Response.json(json ? { json: changed } : changed);
  });
  let posts = 0;
  const restarted = createBroken(
    { chatUi, upstream: { ...upstream, fetch } },
    async (response) => {
      return posts++ > 0 ? response : await breakOff(response, 100);
    },
    false,
  );
  const timeouts = { idle: 500 };
  const error = await catchError(restarted.generate("One", { timeouts }));
  const conversation = error.partial?.conversation;
  assertEquals([error.code, conversation !== undefined], ["incomplete", true]);
  const { text } = await restarted.generate("Two", { conversation });
  assertEquals([text, posts], ["grey: Two (3)", 2]);
});
