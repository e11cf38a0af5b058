import { assert, assertEquals } from "@std/assert";
import { chat } from "../../page/source/client.ts";

/** Answers all that is asked while a test runs. */
function replaceFetch(replacement: typeof fetch): Disposable {
  const original = globalThis.fetch;
  globalThis.fetch = replacement;
  return { [Symbol.dispose]: () => void (globalThis.fetch = original) };
}

Deno.test("chat() sends a long conversation where there is room for it", async () => {
  const requests: Request[] = [];
  using _fetch = replaceFetch((input, init) => {
    requests.push(new Request(input, init));
    return Promise.resolve(new Response("data: [DONE]\n\n"));
  });
  const conversation = "a".repeat(100_000);
  const question = {
    model: "AiChats/gpt-4",
    messages: [{ role: "user", content: "Hello" } as const],
    conversation,
    key: "ours",
    signal: new AbortController().signal,
  };
  assertEquals(await Array.fromAsync(chat(question)), []);
  const [request] = requests;
  assert(request !== undefined);
  assertEquals((await request.json()).conversation, conversation);
  assertEquals(request.headers.get("x-conversation"), null);
  // The gateway is beside the files of its page, wherever that is.
  const gateway = new URL("../../page/", import.meta.url);
  assertEquals(request.url, `${gateway}v1/chat/completions`);
});
