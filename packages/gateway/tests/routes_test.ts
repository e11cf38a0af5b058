// Several providers behind one name.
import { assertEquals } from "@std/assert";
import { createAmigoChat, createAutonomousAi } from "@parley/chat";
import type { GatewayOptions } from "../mod.ts";
import {
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createFaultyUpstream,
} from "@parley/testing";
import {
  ask,
  joinChunks,
  open,
  readChunks,
  readError,
  readEvents,
} from "./_gateway.ts";

const WORDS = "One two three four";

/** A gateway whose first route is cut after three words. */
function createRoutes(
  { other = WORDS, ...options }: GatewayOptions & { other?: string } = {},
) {
  const first = createFaultyUpstream(
    createAutonomousAiUpstream({ answer: () => WORDS }),
    { faults: [{ type: "cut", after: { events: 4 } }] },
  );
  const second = createAmigoChatUpstream({ answer: () => other });
  return open({
    routes: {
      best: [
        {
          provider: createAutonomousAi({ fetch: first.fetch }),
          maxRetries: 0,
        },
        {
          provider: createAmigoChat({ fetch: second.fetch }),
          model: "gpt-4o-mini",
        },
      ],
    },
    ...options,
  });
}

const BEST = { model: "best", stream: true };

Deno.test("a stream that breaks off goes on elsewhere, where the answer is the same", async () => {
  const chunks = await readChunks(await ask(createRoutes(), BEST));
  assertEquals(joinChunks(chunks), WORDS);
  assertEquals(chunks[0]?.model, "AutonomousAI/llama");
  assertEquals(chunks.at(-1)?.model, "AmigoChat/gpt-4o-mini");
});

Deno.test("a stream that breaks off says so, where the answer elsewhere is another", async () => {
  const gateway = createRoutes({ other: "Something else" });
  const events = await readEvents(await ask(gateway, BEST));
  const [type, data] = events.at(-1) ?? [];
  assertEquals(type, "error");
  assertEquals(JSON.parse(data ?? "").error.code, "incomplete");
});

Deno.test("a stream that breaks off begins anew for a client that asks for it", async () => {
  const gateway = createRoutes({ other: "Something else" });
  const stream_options = { include_restarts: true };
  const chunks = await readChunks(
    await ask(gateway, { ...BEST, stream_options }),
  );
  const index = chunks.findIndex(({ restart }) => restart);
  assertEquals(chunks[index]?.restart, {
    discard: "One two three".length,
    reason: "incomplete",
    provider: "AmigoChat",
    model: "gpt-4o-mini",
  });
  assertEquals(joinChunks(chunks.slice(index)), "Something else");
});

Deno.test("an answer in one piece is whole, and of one provider", async () => {
  const gateway = createRoutes({ other: "Something else" });
  const { model, choices } = await (await ask(gateway, { model: "best" }))
    .json();
  assertEquals(model, "AmigoChat/gpt-4o-mini");
  assertEquals(choices[0].message.content, "Something else");
});

Deno.test("a gateway holds answers back where its failover is set to", async () => {
  const gateway = createRoutes({
    other: "Something else",
    failover: { onPartial: "hold" },
  });
  const chunks = await readChunks(await ask(gateway, BEST));
  assertEquals(joinChunks(chunks), "Something else");
});

Deno.test("both ways to answer know which routes fail", async () => {
  let asked = 0;
  const down = createAutonomousAi({
    fetch: () => {
      asked++;
      return Promise.resolve(new Response("", { status: 503 }));
    },
  });
  const gateway = open({
    routes: {
      best: [
        { provider: down, maxRetries: 0 },
        createAmigoChat({ fetch: createAmigoChatUpstream().fetch }),
      ],
    },
    failover: { breaker: { failures: 1 } },
  });
  await (await ask(gateway, BEST)).text();
  assertEquals(asked, 1);
  await (await ask(gateway, { model: "best" })).text();
  await (await ask(gateway, BEST)).text();
  assertEquals(asked, 1);
});

Deno.test("a failover that is exhausted tells why its first route failed", async () => {
  const fetch = () => Promise.resolve(new Response("", { status: 429 }));
  const gateway = open({
    routes: {
      best: [createAutonomousAi({ fetch }), createAmigoChat({ fetch })]
        .map((provider) => ({ provider, maxRetries: 0 })),
    },
  });
  const response = await ask(gateway, BEST);
  assertEquals(response.status, 429);
  assertEquals(response.headers.get("x-should-retry"), "false");
  assertEquals((await readError(response)).code, "rate_limit_exceeded");
});
