// What a browser forbids or changes, as the README says.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import {
  AI_CHATS,
  CHAT_UI,
  fetchSeen,
  type HttpCase,
  PROVIDERS,
} from "./_requests.ts";

const DRAW = { model: "dalle" };

/** All of them. */
export const BROWSER_CASES: readonly HttpCase[] = [
  ...PROVIDERS.map(({ path, create }): HttpCase => ({
    name: `${path} gets the browser's own headers`,
    async run({ own }) {
      const headers = { cookie: "own=1", "x-own": "2" };
      await fetchSeen(own);
      await create({ baseUrl: `${own}/whole/${path}`, headers })
        .generate("Hello");
      const { requests } = await fetchSeen(own);
      assert(requests.length > 0);
      for (const { method, headers } of requests) {
        assertEquals(headers["x-own"], "2");
        assertEquals(headers["cookie"]?.includes("own=1") ?? false, false);
        assertEquals(headers["origin"], method === "GET" ? undefined : own);
        assert(headers["referer"]?.startsWith(`${own}/files/`));
        assertStringIncludes(headers["user-agent"] ?? "", "HeadlessChrome");
        assertEquals(headers["sec-fetch-site"], "same-origin");
        assertEquals(headers["sec-ch-ua"]?.includes("131") ?? false, false);
      }
    },
  })),
  {
    name: "chat-ui leaves the cookies of a conversation to the browser",
    async run({ own }) {
      const baseUrl = `${own}/whole/chat-ui`;
      const { conversation } = await CHAT_UI.create({ baseUrl })
        .generate("Hello");
      assertEquals(conversation?.cookies, {});
      await fetchSeen(own);
      await CHAT_UI.create({ baseUrl }).generate("Count", { conversation });
      for (const { headers } of (await fetchSeen(own)).requests) {
        assertStringIncludes(headers["cookie"] ?? "", "hf-chat=");
      }
    },
  },
  ...PROVIDERS.map(({ path, create }): HttpCase => ({
    name: `${path} says that a redirect cannot be followed`,
    async run({ own }) {
      const provider = create({ baseUrl: `${own}/moved/${path}` });
      const error = await catchError(provider.generate("Hello"));
      assertEquals([error.code, error.attempts?.length], ["bad-response", 1]);
      assertStringIncludes(error.message, "redirect cannot be followed");
    },
  })),
  {
    name: "a picture of the page's own origin is asked for without cookies",
    async run({ own }) {
      // The server gives a cookie, which the browser sends from then on.
      await CHAT_UI.create({ baseUrl: `${own}/whole/chat-ui` })
        .generate("Hello");
      const provider = AI_CHATS.create({
        baseUrl: `${own}/whole/ai-chats`,
        allowPrivateUrls: true,
      });
      await fetchSeen(own);
      const { images } = await provider.generate("A cat", DRAW);
      await images[0]?.bytes();
      const [, download, ...others] = (await fetchSeen(own)).requests;
      assertEquals([download?.method, others.length], ["GET", 0]);
      assertEquals(download?.headers["cookie"], undefined);
    },
  },
  {
    name: "a picture behind a redirect is refused",
    async run({ own }) {
      const provider = AI_CHATS.create({
        baseUrl: own,
        allowPrivateUrls: true,
        fetch: (input, init) =>
          String(input).includes("/send2/")
            ? Promise.resolve(
              Response.json({ data: [{ url: `${own}/moved/1.png` }] }),
            )
            : fetch(input, init),
      });
      const error = await catchError(provider.generate("A cat", DRAW));
      assertEquals(error.code, "bad-response");
      assertStringIncludes(error.message, "redirect cannot be followed");
    },
  },
  ...PROVIDERS.filter((provider) => provider !== CHAT_UI)
    .map(({ path, create }): HttpCase => ({
      name: `${path} streams from another origin that allows it`,
      async run({ open }) {
        const provider = create({ baseUrl: `${open}/whole/${path}` });
        const { text } = await provider.generate("Hello");
        assert(text.startsWith("You said: Hello"));
      },
    })),
  {
    name: "a picture of another origin is downloaded where that allows it",
    async run({ open }) {
      const provider = AI_CHATS.create({
        baseUrl: `${open}/whole/ai-chats`,
        allowPrivateUrls: true,
      });
      const { images } = await provider.generate("A cat", DRAW);
      await images[0]?.bytes();
      assertEquals(images[0]?.mediaType, "image/png");
    },
  },
  {
    name: "a picture of another origin cannot be read where that does not",
    async run({ closed, open }) {
      const provider = AI_CHATS.create({
        baseUrl: open,
        allowPrivateUrls: true,
        fetch: (input, init) =>
          String(input).includes("/send2/")
            ? Promise.resolve(
              Response.json({ data: [{ url: `${closed}/whole/1.png` }] }),
            )
            : fetch(input, init),
      });
      const error = await catchError(provider.generate("A cat", DRAW));
      assertEquals(error.code, "network");
    },
  },
  {
    name: "chat-ui keeps no conversation with a server of another origin",
    async run({ open }) {
      const provider = CHAT_UI.create({ baseUrl: `${open}/whole/chat-ui` });
      const error = await catchError(provider.generate("Hello"));
      // A page cannot send its cookie, so that it belongs to somebody else.
      assertEquals(error.code, "not-found");
    },
  },
  ...PROVIDERS.map(({ path, create }): HttpCase => ({
    name: `${path} cannot be read on another origin that does not allow it`,
    async run({ closed }) {
      const baseUrl = `${closed}/whole/${path}`;
      const provider = create({ baseUrl, maxRetries: 0 });
      const error = await catchError(provider.generate("Hello"));
      assertEquals(error.code, "network");
    },
  })),
];
