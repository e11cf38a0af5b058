import { assert, assertEquals } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import type { FailoverOptions } from "../../failover/failover_options.ts";
import {
  type ChatEvent,
  jsonSchema,
  type Message,
  type Provider,
  toMessage,
} from "../../mod.ts";
import { defineProvider, type RunContext } from "../../core/provider.ts";
import { FakeClock } from "@parley/testing";
import { createParrot } from "../_parrot.ts";

const weather = {
  name: "weather",
  inputSchema: jsonSchema({ type: "object" }),
};

/** Makes a route, which yields these events and then breaks off. */
function toRoute(
  id: string,
  events: readonly ChatEvent[],
  toolSupport: "native" | "none" = "native",
): { readonly provider: Provider; readonly runs: RunContext[] } {
  const runs: RunContext[] = [];
  const provider = defineProvider({
    id,
    label: id,
    url: "https://route.example",
    baseUrl: "https://route.example",
    working: true,
    defaultModel: "m",
    models: ["m"],
    toolSupport,
    outputSupport: toolSupport === "native" ? "schema" : "none",
    async *respond(run) {
      runs.push(run);
      yield* events;
      throw run.fail("It breaks", { code: "network" });
    },
  });
  return { provider, runs };
}

function piece(text: string): ChatEvent {
  return { type: "tool-call-delta", index: 0, id: "1", name: "weather", text };
}

const FINISH: ChatEvent = { type: "finish", reason: "stop" };

/** Tells what is shown of an answer that begins anew on a second route. */
async function show(onPartial: FailoverOptions["onPartial"]) {
  const first = toRoute("First", [piece('{"city"')]);
  const second = toRoute("Second", [piece('{"city":"Ulm"}'), FINISH]);
  const failover = createFailover([first.provider, second.provider], {
    onPartial,
  });
  const shown: string[] = [];
  for await (const event of failover.stream("Hi", { tools: [weather] })) {
    if (event.type === "tool-call") assertEquals(event.input, { city: "Ulm" });
    shown.push(event.type);
  }
  return shown.filter((type) => type !== "conversation");
}

Deno.test("createFailover() takes back the pieces of a call, or holds them", async () => {
  assertEquals(await show("restart"), [
    "route",
    "tool-call-delta",
    "restart",
    "tool-call-delta",
    "tool-call",
    "finish",
  ]);
  for (const onPartial of ["match", "hold", "continue"] as const) {
    const shown = await show(onPartial);
    assertEquals(
      shown.filter((type) => /^(?:tool|route)/.test(type)).slice(-2),
      [
        "route",
        "tool-call",
      ],
    );
    assert(!shown.includes("restart"));
  }
});

Deno.test("createFailover() does not ask who cannot do what is asked", async () => {
  for (
    const options of [
      { tools: [weather] },
      { output: weather.inputSchema },
    ]
  ) {
    const unable = toRoute("Unable", [], "none");
    const able = toRoute("Able", [{ type: "text", text: "{}" }, FINISH]);
    const failover = createFailover([unable.provider, able.provider]);
    const { attempts } = await failover.generate("Hi", options);
    assertEquals(attempts.map(({ provider }) => provider), ["Able"]);
    assertEquals([unable.runs.length, able.runs.length], [0, 1]);
  }
});

Deno.test("createFailover() asks another where an answer is not the object", async () => {
  const wrong = toRoute("Wrong", [{ type: "text", text: "no" }, FINISH]);
  const right = toRoute("Right", [{ type: "text", text: '{"a":1}' }, FINISH]);
  const failover = createFailover([wrong.provider, right.provider]);
  const { object, attempts } = await failover.generate("Hi", {
    output: weather.inputSchema,
  });
  assertEquals(object, { a: 1 });
  assertEquals(attempts.map(({ code }) => code), ["invalid-output", undefined]);
});

Deno.test("createFailover() keeps calls in its conversation", async () => {
  const { provider, runs } = toRoute("First", [
    { type: "reasoning", text: "why" },
    piece('{"city":"Ulm"}'),
    FINISH,
  ]);
  const failover = createFailover([provider]);
  const call = {
    id: "1",
    name: "weather",
    input: { city: "Ulm" },
    rawInput: '{"city":"Ulm"}',
  };
  const expected: readonly Message[] = [
    { role: "user", content: "Hi" },
    {
      role: "assistant",
      content: "",
      toolCalls: [call],
      reasoning: "why",
      provider: "First",
      model: "m",
    },
    { role: "tool", callId: "1", content: "warm" },
  ];
  // One that is a route of another one, too.
  for (const asked of [failover, createFailover([failover])]) {
    const result = await asked.generate("Hi", { tools: [weather] });
    const conversation = JSON.parse(JSON.stringify(result.conversation));
    await asked.generate([
      toMessage(result),
      { role: "tool", callId: "1", content: "warm" },
    ], { tools: [weather], conversation });
    assertEquals(runs.at(-1)?.messages, expected);
  }
});

Deno.test("createFailover() hands out no call of a route that lost", async () => {
  const clock = new FakeClock();
  const { provider: slow } = createParrot({
    async *respond({ signal }) {
      await new Promise((resolve) =>
        signal.addEventListener("abort", resolve, { once: true })
      );
      yield [piece('{"city":"Bonn"}'), FINISH];
    },
    definition: { id: "Slow", toolSupport: "native" },
  });
  const fast = toRoute("Fast", [piece('{"city":"Ulm"}'), FINISH]);
  const failover = createFailover([slow, fast.provider], {
    clock,
    hedgeAfter: 1_000,
  });
  const result = failover.generate("Hi", { tools: [weather] });
  while (clock.timers === 0) await Promise.resolve();
  await clock.advance(1_000);
  const { toolCalls, attempts } = await result;
  assertEquals(toolCalls.map(({ input }) => input), [{ city: "Ulm" }]);
  assertEquals(attempts.map(({ provider, code }) => [provider, code]), [
    ["Slow", "aborted"],
    ["Fast", undefined],
  ]);
});
