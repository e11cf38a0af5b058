import { assertEquals } from "@std/assert";
import { createModelAsker } from "../../models/open_models.ts";
import { createAiChats, createOpenAiCompatible } from "@parley/chat";
import { FakeClock } from "@parley/testing";
import { JumpingClock } from "../_jumping_clock.ts";

/** A server that takes any model, and how often it was asked for them. */
function createServer() {
  let count = 0;
  const server = { models: ["small"], isDown: false };
  const provider = createOpenAiCompatible({
    baseUrl: "https://models.example/v1",
    fetch() {
      count++;
      const data = server.models.map((id) => ({ id }));
      const response = server.isDown
        ? new Response("down", { status: 404 })
        : Response.json({ object: "list", data });
      return Promise.resolve(response);
    },
  });
  return { server, provider, getCount: () => count };
}

const { signal } = new AbortController();

Deno.test("createModelAsker() asks anew after a minute", async () => {
  const clock = new FakeClock();
  const { server, provider, getCount } = createServer();
  const ask = createModelAsker(clock);
  assertEquals(await ask(provider, signal), ["small"]);
  server.models = ["small", "large"];
  await clock.advance(59_999);
  assertEquals(await ask(provider, signal), ["small"]);
  assertEquals(getCount(), 1);
  await clock.advance(1);
  assertEquals(await ask(provider, signal), ["small", "large"]);
  assertEquals(getCount(), 2);
});

Deno.test("createModelAsker() asks anew where the clock was set back", async () => {
  const clock = new JumpingClock();
  const { server, provider } = createServer();
  const ask = createModelAsker(clock);
  await ask(provider, signal);
  server.models = ["large"];
  clock.jump(-3_600_000);
  assertEquals(await ask(provider, signal), ["large"]);
});

Deno.test("createModelAsker() gives what a provider told before where it fails", async () => {
  const clock = new FakeClock();
  const { server, provider, getCount } = createServer();
  const ask = createModelAsker(clock);
  await ask(provider, signal);
  server.isDown = true;
  await clock.advance(60_000);
  assertEquals(await ask(provider, signal), ["small"]);
  await clock.advance(9_999);
  assertEquals(await ask(provider, signal), ["small"]);
  assertEquals(getCount(), 2);
  server.isDown = false;
  server.models = [];
  await clock.advance(1);
  assertEquals(await ask(provider, signal), []);
});

Deno.test("createModelAsker() asks nobody who takes only what it knows", async () => {
  const ask = createModelAsker(new FakeClock());
  assertEquals(await ask(createAiChats(), signal), []);
});
