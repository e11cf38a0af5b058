import { assert, assertEquals, assertRejects, fail } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { jsonSchema } from "../../../core/chat/schema.ts";
import type { ChatOptions } from "../../../core/chat/types.ts";
import { createParrot, FINISH, toTextEvent } from "../../_parrot.ts";
import { createAiChats } from "../../../providers/ai_chats.ts";
import * as z from "zod";

const city = z.object({ city: z.string() });
const weather = { name: "weather", inputSchema: city };

async function* respond() {
  yield [toTextEvent("Hi"), FINISH];
}

/** Asks a provider that takes tools and objects. */
function ask(options: ChatOptions) {
  const { provider } = createParrot({
    respond,
    definition: {
      toolSupport: "native",
      outputSupport: "schema",
      settings: ["parallelToolCalls"],
    },
  });
  return provider.stream("Hi", options);
}

const bare = jsonSchema({ type: "object" });
const REFUSED: readonly (readonly [ChatOptions, string, string?])[] = [
  [{ tools: [weather, weather] }, "invalid-request"],
  [{ tools: [{ name: "a b", inputSchema: bare }] }, "invalid-request"],
  [{ tools: [{ name: "x".repeat(65), inputSchema: bare }] }, "invalid-request"],
  [{
    tools: Array.from({ length: 129 }, (_, index) => ({
      name: `t${index}`,
      inputSchema: bare,
    })),
  }, "invalid-request"],
  [{ tools: [weather], toolChoice: { tool: "other" } }, "invalid-request"],
  [{ toolChoice: "required" }, "invalid-request"],
  [
    {
      tools: [{
        name: "when",
        inputSchema: z.object({ day: z.date() }),
      }],
    },
    "invalid-request",
  ],
  [{ extraBody: { top_k: 1n } }, "invalid-request"],
  [{ extraBody: { top_k: 1 } }, "unsupported"],
  [{ stop: [] }, "invalid-request"],
  [{ stop: ["a", ""] }, "invalid-request"],
  [{ stop: Array(17).fill("a") }, "invalid-request"],
  [{ seed: 1.5 }, "invalid-request"],
  [{ image: { count: 0 } }, "invalid-request"],
];

Deno.test("a run refuses what it cannot send, and sends nothing", async () => {
  for (const [options, code] of REFUSED) {
    const error = await assertRejects(() => ask(options).result());
    assert(error instanceof ProviderError, JSON.stringify(options.tools));
    assertEquals([error.code, error.attempts], [code, []]);
  }
});

Deno.test("a provider without tools refuses them, and objects", async () => {
  const { provider } = createParrot({ respond });
  // Nothing that reads calls is in its bundle.
  const plain = createAiChats({ fetch: () => fail("a request was sent") });
  const call = { id: "1", name: "weather", input: {}, rawInput: "{}" };
  const history = [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "", toolCalls: [call] },
    { role: "tool", callId: "1", content: "warm" },
  ] as const;
  const runs = [provider, plain].flatMap((provider) => [
    provider.stream("Hi", { tools: [weather] }),
    provider.stream("Hi", { output: city }),
    provider.stream(history),
    provider.stream(history.slice(0, 2)),
    provider.stream([history[0], history[2]]),
  ]);
  for (const run of runs) {
    const error = await assertRejects(() => run.result(), ProviderError);
    assertEquals([error.code, error.attempts], ["unsupported", []]);
  }
});

Deno.test("a run warns of settings for tools where there are none", async () => {
  const { warnings } = await ask({
    toolChoice: "auto",
    parallelToolCalls: false,
  }).result();
  assertEquals(warnings.map(({ message }) => message), [
    'Setting "toolChoice" is ignored: there are no tools',
    'Setting "parallelToolCalls" is ignored: there are no tools',
  ]);
});
