// What is true over HTTP in every runtime.
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type ChatStream, parseConversation } from "../../mod.ts";
import { echo } from "../../packages/testing/upstreams/answer.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import {
  AI_CHATS,
  AMIGO_CHAT,
  CHAT_UI,
  fetchSeen,
  type HttpCase,
  type HttpProvider,
  OPENAI,
  PROVIDERS,
  waitForRelease,
  waitForRequest,
} from "./_requests.ts";

/** Reads the one word that comes before the server hangs. */
async function readText(stream: ChatStream): Promise<void> {
  for (let text = ""; text !== "One";) {
    const { value } = await stream.next();
    if (value?.type === "text") text += value.text;
  }
}

function toCases({ path, create }: HttpProvider): readonly HttpCase[] {
  return [{
    name: `${path} streams an answer over HTTP`,
    async run({ own }) {
      const provider = create({ baseUrl: `${own}/whole/${path}` });
      const types: string[] = [];
      let text = "";
      for await (const event of provider.stream("Hello")) {
        types.push(event.type);
        if (event.type === "text") text += event.text;
      }
      assertEquals(text, echo("Hello"));
      assertEquals(types.at(-1), "finish");
      assertEquals(types.filter((type) => type === "finish").length, 1);
      await waitForRelease(own);
    },
  }, {
    name: `${path} gives text while its server still speaks`,
    async run({ own }) {
      const provider = create({ baseUrl: `${own}/whole/${path}` });
      let text = "";
      for await (const piece of provider.stream("Hang").textStream()) {
        text += piece;
        if (text.includes("One")) break;
      }
      await waitForRelease(own);
    },
  }, {
    name: `${path} closes its socket after an abort`,
    async run({ own }) {
      const controller = new AbortController();
      const { signal } = controller;
      const provider = create({ baseUrl: `${own}/whole/${path}` });
      const stream = provider.stream("Hang", { signal });
      await readText(stream);
      assertEquals((await fetchSeen(own)).open, 1);
      const waiting = stream.next();
      const reason = { why: "The caller has seen enough" };
      controller.abort(reason);
      const error = await waiting.catch((error) => error);
      assertStrictEquals(error, reason);
      await waitForRelease(own);
    },
  }, {
    name: `${path} closes its socket after an abort before the headers`,
    async run({ own, silence }) {
      const controller = new AbortController();
      const { signal } = controller;
      const provider = create({ baseUrl: silence });
      const result = provider.generate("Hello", { signal });
      const caught = result.catch((error) => error);
      await waitForRequest(own);
      controller.abort();
      assertStrictEquals(await caught, signal.reason);
      await waitForRelease(own);
    },
  }, {
    name: `${path} settles return() while a read waits`,
    async run({ own }) {
      const provider = create({ baseUrl: `${own}/whole/${path}` });
      const stream = provider.stream("Hang");
      await readText(stream);
      const waiting = stream.next();
      const done = { done: true, value: undefined } as const;
      assertEquals(await stream.return(), done);
      assertEquals(await waiting, done);
      await waitForRelease(own);
    },
  }, {
    name: `${path} closes its socket after a timeout`,
    async run({ own, silence }) {
      const provider = create({ baseUrl: silence });
      const result = provider.generate("Hello", { timeouts: { headers: 50 } });
      const { code, phase } = await catchError(result);
      assertEquals([code, phase], ["timeout", "headers"]);
      await waitForRelease(own);
    },
  }, {
    name: `${path} takes an answer that breaks off for incomplete`,
    async run({ own }) {
      const baseUrl = `${own}/cut/${path}`;
      const provider = create({ baseUrl, maxRetries: 0 });
      const { code, partial } = await catchError(provider.generate("Hello"));
      const text = partial?.text ?? "";
      assertEquals(code, "incomplete");
      // What nobody has read yet is lost where a browser meets the end.
      assert(echo("Hello").startsWith(text), text);
    },
  }, {
    name: `${path} tells that its server cannot be reached`,
    async run() {
      // No server has this port, and browsers refuse to ask at it.
      const provider = create({ baseUrl: "http://127.0.0.1:1", maxRetries: 0 });
      const error = await catchError(provider.generate("Hello"));
      assertEquals(error.code, "network");
    },
  }];
}

const PICTURES: readonly HttpCase[] = [
  { ...AI_CHATS, model: "dalle" },
  { ...AMIGO_CHAT, model: "flux-dev" },
  { ...OPENAI, model: "dall-e-3" },
].map(({ path, create, model }) => ({
  name: `${path} draws a picture over HTTP`,
  async run({ own }) {
    const provider = create({
      baseUrl: `${own}/whole/${path}`,
      allowPrivateUrls: true,
    });
    const { images: [image] } = await provider.generate("A cat", { model });
    assert(image !== undefined);
    const bytes = await image.bytes();
    assertEquals([...bytes.subarray(1, 4)], [0x50, 0x4e, 0x47]);
    assertEquals(image.mediaType, "image/png");
    const copy = await fetch(await image.dataUrl());
    assertEquals(new Uint8Array(await copy.arrayBuffer()), bytes);
  },
}));

const CONVERSATION: HttpCase = {
  name: "chat-ui goes on with a stored conversation",
  async run({ own }) {
    const baseUrl = `${own}/whole/chat-ui`;
    const first = await CHAT_UI.create({ baseUrl }).generate("Hello");
    const stored = JSON.stringify(first.conversation);
    const conversation = parseConversation(JSON.parse(stored));
    const second = await CHAT_UI.create({ baseUrl })
      .generate("Count", { conversation });
    assertEquals(second.text, "3 messages");
    assertEquals(second.conversation?.id, conversation.id);
  },
};

const STOP: HttpCase = {
  name: "chat-ui tells its server to stop after a break",
  async run({ own }) {
    const provider = CHAT_UI.create({ baseUrl: `${own}/whole/chat-ui` });
    await fetchSeen(own);
    const stream = provider.stream("Hang");
    for await (const event of stream) if (event.type === "text") break;
    const paths: string[] = [];
    for (let turn = 0; turn < 100; turn++) {
      const { requests } = await fetchSeen(own);
      paths.push(...requests.map(({ path }) => path));
      if (paths.at(-1)?.endsWith("/stop-generating")) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assertEquals(paths, ["…/stop-generating"]);
  },
};

const LIST: HttpCase = {
  name: "openai/v1 lists the models of its server over HTTP",
  async run({ own, silence }) {
    const { path, create } = OPENAI;
    const provider = create({ baseUrl: `${own}/whole/${path}` });
    const ids = ["gpt-4o-mini", "gpt-4o", "o4-mini", "dall-e-3"];
    assertEquals(await provider.listModels(), ids);
    const silent = create({ baseUrl: silence });
    const timeouts = { headers: 50 };
    const { code } = await catchError(silent.listModels({ timeouts }));
    assertEquals(code, "timeout");
    await waitForRelease(own);
  },
};

/** All of them. */
export const HTTP_CASES: readonly HttpCase[] = [
  ...PROVIDERS.flatMap(toCases),
  ...PICTURES,
  CONVERSATION,
  STOP,
  LIST,
];
