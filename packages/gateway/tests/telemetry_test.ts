import { assertEquals } from "@std/assert";
import { withAttempts } from "@parley/chat/telemetry";
import { createAiChats } from "@parley/chat";
import { createAiChatsUpstream } from "@parley/testing";
import { ask, open } from "./_gateway.ts";

Deno.test("wrapProvider sees what becomes of providers and routes", async () => {
  const { fetch } = createAiChatsUpstream();
  const down = createAiChats({
    fetch: () => Promise.resolve(new Response(null, { status: 402 })),
  });
  const seen: unknown[] = [];
  const gateway = open({
    providers: [createAiChats({ fetch })],
    routes: { best: [down, createAiChats({ fetch })] },
    wrapProvider: (provider) =>
      withAttempts(provider, ({ code }) => void seen.push(code)),
  });
  for (const stream of [false, true]) {
    for (const model of ["AiChats/gpt-4", "best"]) {
      await (await ask(gateway, { model, stream })).text();
    }
  }
  const answered = [undefined, "rate-limit", undefined];
  assertEquals(seen, [...answered, ...answered]);
});
