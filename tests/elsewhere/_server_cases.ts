// What is true where no browser is between the library and the network.
import { assert, assertEquals } from "@std/assert";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import {
  CHAT_UI,
  fetchSeen,
  type HttpCase,
  OPENAI,
  PROVIDERS,
} from "./_requests.ts";

/** All of them. */
export const SERVER_CASES: readonly HttpCase[] = [
  {
    name: "chat-ui keeps the cookies of a conversation",
    async run({ own }) {
      const baseUrl = `${own}/whole/chat-ui`;
      const { conversation } = await CHAT_UI.create({ baseUrl })
        .generate("Hello");
      const cookie = conversation?.cookies["hf-chat"] ?? "";
      assert(cookie !== "");
      await fetchSeen(own);
      await CHAT_UI.create({ baseUrl }).generate("Hello", { conversation });
      const { requests } = await fetchSeen(own);
      assertEquals(
        requests.map(({ headers }) => headers["cookie"]),
        requests.map(() => `hf-chat=${cookie}`),
      );
    },
  },
  ...PROVIDERS.flatMap(({ path, create }): readonly HttpCase[] => [{
    name: `${path} sends the headers of its site and of its caller`,
    async run({ own }) {
      const baseUrl = `${own}/whole/${path}`;
      const headers = { cookie: "a=1", "x-own": "2" };
      await fetchSeen(own);
      await create({ baseUrl, headers }).generate("Hello");
      for (const { headers } of (await fetchSeen(own)).requests) {
        assert(/\ba=1\b/.test(headers["cookie"] ?? ""));
        assertEquals(headers["x-own"], "2");
        const browser = headers["user-agent"]?.startsWith("Mozilla/5.0 ");
        assertEquals(browser, path !== OPENAI.path);
        assertEquals(headers["origin"] !== undefined, path !== OPENAI.path);
      }
    },
  }, {
    name: `${path} follows a redirect on its own origin only`,
    async run({ own, closed }) {
      const moved = create({ baseUrl: `${own}/moved/${path}` });
      assert((await moved.generate("Hello")).text.startsWith("You said"));
      const baseUrl = `${own}/away/${path}`;
      const away = create({
        baseUrl,
        fetch: () => Promise.resolve(Response.redirect(`${closed}/`, 307)),
      });
      const { code, message } = await catchError(away.generate("Hello"));
      assertEquals(code, "bad-response");
      assert(message.endsWith("redirect leads to another origin"), message);
    },
  }]),
];
