/**
 * A server with a chat page of its own, which shows the answer while it comes.
 *
 *     export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2
 *     deno serve --allow-net --allow-env examples/chat_page.ts
 *
 * The server holds the key and asks; the page gets text, and nothing else.
 */

import { createOpenAiCompatible, type Message } from "@parley/chat";

const provider = createOpenAiCompatible({
  baseUrl: Deno.env.get("OPENAI_BASE_URL") ?? "https://api.openai.com/v1",
  apiKey: Deno.env.get("OPENAI_API_KEY"),
  defaultModel: Deno.env.get("MODEL") ?? "gpt-4o-mini",
});

const PAGE = `<!DOCTYPE html>
<meta charset="utf-8">
<title>Chat</title>
<main aria-live="polite"></main>
<form><input aria-label="Message" autofocus required><button>Send</button></form>
<script type="module">
  const messages = [];
  const form = document.querySelector("form");
  const input = document.querySelector("input");

  function show(text) {
    const line = document.createElement("p");
    line.textContent = text;
    return document.querySelector("main").appendChild(line);
  }

  form.onsubmit = async (event) => {
    event.preventDefault();
    messages.push({ role: "user", content: input.value });
    show(input.value);
    input.value = "";
    const line = show("");
    try {
      const response = await fetch("/chat", {
        method: "POST",
        body: JSON.stringify(messages),
      });
      if (!response.ok) throw new Error(await response.text());
      const reader = response.body.pipeThrough(new TextDecoderStream())
        .getReader();
      for (let part; !(part = await reader.read()).done;) {
        // textContent: what a model writes is never HTML.
        line.textContent += part.value;
      }
      messages.push({ role: "assistant", content: line.textContent });
    } catch (error) {
      show("Failed: " + error.message);
    }
  };
</script>
`;

async function chat(request: Request): Promise<Response> {
  // What is no list of messages is refused by the run, before anything is sent.
  const messages: Message[] = await request.json().catch(() => []);
  // A page that is closed stops the answer.
  return provider.stream(messages).toResponse();
}

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (request.method === "GET" && pathname === "/") {
      return new Response(PAGE, {
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    }
    if (request.method === "POST" && pathname === "/chat") {
      return await chat(request);
    }
    return new Response("Not Found", { status: 404 });
  },
} satisfies Deno.ServeDefaultExport;
