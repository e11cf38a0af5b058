import { assert, assertEquals } from "@std/assert";
import type { ProviderOptions } from "../../core/chat/provider_options.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { createServer } from "./_chat_ui_server.ts";
import { interpose, toRoutes } from "./_requests.ts";

Deno.test("cohereC4aiCommand says so where a conversation is gone [C06]", async () => {
  const { conversation } = await createServer().ask("Hello");
  for (const version of ["0.9.5", "2026-08"] as const) {
    const { upstream, ask } = createServer({ version });
    const error = await catchError(ask("And now?", { conversation }));
    assertEquals([error.code, error.status], ["conversation-expired", 404]);
    assert(toRoutes(upstream).every((route) => route.startsWith("GET")));
  }
});

/** Asks as the visitor of another session. */
async function askAsAnother(version: "0.9.5" | "2026-08") {
  const { upstream, ask } = createServer({ version });
  const [{ conversation }, other] = [await ask("Hello"), await ask("Hello")];
  assert(conversation !== undefined && other.conversation !== undefined);
  const { cookies } = other.conversation;
  const count = upstream.requests.length;
  const error = await catchError(
    ask("And now?", { conversation: { ...conversation, cookies } }),
  );
  return { error, routes: toRoutes(upstream).slice(count) };
}

Deno.test("cohereC4aiCommand says so where a session is gone [C07]", async () => {
  for (const version of ["0.9.5", "2026-08"] as const) {
    const { error, routes } = await askAsAnother(version);
    assertEquals([error.code, error.status], ["conversation-expired", 404]);
    assertEquals(routes.length, 1);
  }
});

/** A server that has none of what is asked of it, as behind a wrong URL. */
const NOWHERE: ProviderOptions = {
  fetch: () =>
    Promise.resolve(Response.json({ message: "Not here" }, { status: 404 })),
};

Deno.test("cohereC4aiCommand says so where a conversation goes between two requests [C06]", async () => {
  const { upstream, ask } = createServer();
  const { conversation } = await ask("Hello");
  const fetch = interpose(
    upstream,
    ({ method }) =>
      method === "POST" ? NOWHERE.fetch?.("https://a.example") : undefined,
  );
  const error = await catchError(ask("And now?", { conversation }, { fetch }));
  assertEquals([error.code, error.status], ["conversation-expired", 404]);
  assertEquals([error.body, error.attempts?.length], ["Not here", 1]);
});

Deno.test(
  "cohereC4aiCommand tells a wrong address from a conversation that is gone",
  async () => {
    const { ask } = createServer();
    const error = await catchError(ask("Hello", {}, NOWHERE));
    assertEquals([error.code, error.status], ["not-found", 404]);
  },
);
