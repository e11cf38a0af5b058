import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import * as z from "zod";
import { createFailover } from "../../failover/mod.ts";
import { ProviderError } from "../../mod.ts";
import { runTools, tool, ToolError } from "../../tools/mod.ts";
import { FakeClock } from "@parley/testing";
import { createScripted } from "./_script.ts";

/** A tool that records the cities it was run for. */
function createWeather(execute?: (city: string) => unknown) {
  const cities: string[] = [];
  const weather = tool({
    name: "weather",
    inputSchema: z.object({ city: z.string() }),
    execute({ city }) {
      cities.push(city);
      return execute ? execute(city) : `warm in ${city}`;
    },
  });
  return { weather, cities };
}

const ULM = 'weather{"city":"Ulm"}';
const BONN = 'weather{"city":"Bonn"}';

Deno.test("runTools() runs calls, and goes on until there is an answer", async () => {
  const { provider, runs } = createScripted([[ULM, BONN], "It is warm."]);
  const { weather, cities } = createWeather();
  const run = runTools(provider, "Hi", {
    tools: [weather],
    toolChoice: "required",
  });
  const events: string[] = [];
  for await (const event of run) events.push(event.type);
  assertEquals(events, [
    "step",
    "tool-call-delta",
    "tool-call-delta",
    "tool-call",
    "tool-call",
    "tool-result",
    "tool-result",
    "step",
    "text",
    "finish",
  ]);
  assertEquals(cities, ["Ulm", "Bonn"]);
  // A choice that must be met would be met for ever.
  assertEquals(runs.map(({ toolChoice }) => toolChoice), ["required", "auto"]);
  assertEquals(runs[1]?.messages.slice(2), [
    { role: "tool", callId: "1.0", content: "warm in Ulm" },
    { role: "tool", callId: "1.1", content: "warm in Bonn" },
  ]);
  assertEquals(run.messages.at(-1)?.content, "It is warm.");
});

Deno.test("runTools() tells the model what it did wrong, and no secret of a tool", async () => {
  const { provider, runs } = createScripted([
    ["other{}", "weather{", "weather{}", ULM, BONN, 'weather{"city":"Rom"}'],
    "Sorry.",
  ]);
  const failure = new Error("password 1234");
  const { weather } = createWeather((city) => {
    if (city === "Ulm") throw failure;
    if (city === "Bonn") throw new ToolError("There is no such city");
    return { degrees: 20 };
  });
  const run = runTools(provider, "Hi", { tools: [weather] });
  const errors: unknown[] = [];
  for await (const event of run) {
    if (event.type === "tool-result" && event.error) errors.push(event.error);
  }
  const results = runs[1]?.messages.filter(({ role }) => role === "tool");
  assertEquals(results?.map(({ content }) => content).sort(), [
    "The input is not a JSON object",
    "The input is not valid: city: Invalid input: expected string, received undefined",
    "There is no such city",
    'There is no such tool; there is "weather"',
    "Tool failed",
    '{"degrees":20}',
  ]);
  assert(errors.includes(failure));
});

Deno.test("runTools() ends well at its limits, and another run goes on", async () => {
  const { provider } = createScripted([[ULM], [BONN], "It is warm."]);
  const { weather, cities } = createWeather();
  const first = await runTools(provider, "Hi", {
    tools: [weather],
    maxSteps: 2,
  }).result();
  assertEquals(first.finishReason, "max-steps");
  assertEquals(first.pending.map(({ input }) => input), [{ city: "Bonn" }]);
  assertEquals(cities, ["Ulm"]);
  const stored = JSON.parse(JSON.stringify(first.messages));
  const second = await runTools(provider, stored, { tools: [weather] })
    .result();
  assertEquals(second.text, "It is warm.");
  // What had run has not run again.
  assertEquals(cities, ["Ulm", "Bonn"]);
  for (const [maxCalls, reason] of [[1, "max-steps"], [2, "stop"]] as const) {
    const { provider } = createScripted([[ULM, BONN], "It is warm."]);
    const { finishReason } = await runTools(provider, "Hi", {
      tools: [weather],
      maxCalls,
    }).result();
    assertEquals(finishReason, reason);
  }
});

Deno.test("runTools() leaves the calls of a tool that it cannot run", async () => {
  const { provider } = createScripted([[ULM, "ask{}"]]);
  const { weather, cities } = createWeather();
  const ask = tool({ name: "ask", inputSchema: z.object({}) });
  const { finishReason, pending } = await runTools(provider, "Hi", {
    tools: [weather, ask],
  }).result();
  assertEquals(finishReason, "tool-calls");
  assertEquals(pending.map(({ name }) => name), ["ask"]);
  assertEquals(cities, ["Ulm"]);
});

Deno.test("runTools() runs only so many calls at once", async () => {
  const { provider } = createScripted([Array(6).fill(ULM), "Done."]);
  let [running, most] = [0, 0];
  const { weather } = createWeather(async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
  });
  await runTools(provider, "Hi", { tools: [weather], concurrency: 2 }).result();
  assertEquals(most, 2);
});

Deno.test("runTools() gives up where nothing but errors comes", async () => {
  const { provider, runs } = createScripted(Array(9).fill(["other{}"]));
  const error = await assertRejects(
    () =>
      runTools(provider, "Hi", { tools: [createWeather().weather] }).result(),
    ProviderError,
  );
  assertEquals([error.code, runs.length], ["bad-response", 3]);
});

Deno.test("runTools() lets go of a tool at once when it is aborted", async () => {
  const { provider } = createScripted([[ULM]]);
  const controller = new AbortController();
  const { weather } = createWeather(() => {
    controller.abort("enough");
    return new Promise(() => {});
  });
  const run = runTools(provider, "Hi", {
    tools: [weather],
    signal: controller.signal,
    clock: new FakeClock(),
  });
  let reason: unknown;
  await run.result().catch((error) => reason = error);
  assertEquals(reason, "enough");
});

Deno.test("runTools() watches the time of a tool, and of the whole", async () => {
  const { provider } = createScripted([[ULM], "It took long."]);
  const clock = new FakeClock();
  const { weather } = createWeather(() => {
    queueMicrotask(() => void clock.advance(60_000));
    return new Promise(() => {});
  });
  const { messages } = await runTools(provider, "Hi", {
    tools: [weather],
    clock,
  }).result();
  assertEquals(messages.at(-2)?.content, "The tool took too long");
  const whole = runTools(createScripted([[ULM]]).provider, "Hi", {
    tools: [weather],
    clock,
    totalTimeout: 1_000,
  });
  const error = await assertRejects(() => whole.result(), ProviderError);
  assertEquals([error.code, error.phase], ["timeout", "total"]);
});

Deno.test("runTools() over a failover runs a tool once, wherever the next step is", async () => {
  const down = new ProviderError("down", { code: "network", retryable: false });
  const first = createScripted([[ULM], down], { id: "First" });
  const second = createScripted(["It is warm."], { id: "Second" });
  const { weather, cities } = createWeather();
  const { text, steps, messages } = await runTools(
    createFailover([first.provider, second.provider]),
    "Hi",
    { tools: [weather] },
  ).result();
  assertEquals(text, "It is warm.");
  assertEquals(steps.map(({ provider }) => provider), ["First", "Second"]);
  assertEquals(cities, ["Ulm"]);
  assertEquals(messages.map(({ role }) => role), [
    "user",
    "assistant",
    "tool",
    "assistant",
  ]);
  assertEquals(second.runs[0]?.messages.length, 3);
});

Deno.test("a run with tools is read in any way that an answer is, once", async () => {
  const start = () => {
    const { provider } = createScripted([[ULM, "fail{}"], "It is warm."]);
    const fail = tool({
      name: "fail",
      inputSchema: z.object({}),
      execute() {
        throw { secret: "hunter2" };
      },
    });
    const tools = [createWeather().weather, fail];
    return runTools(provider, "Hi", { tools });
  };
  const TEXT = "It is warm.";
  const read = start();
  assertEquals([read.partial.text, read.attempts], ["", []]);
  assertEquals((await Array.fromAsync(read.textStream())).join(""), TEXT);
  assertEquals([read.partial.text, read.attempts.length], [TEXT, 2]);
  assertEquals((await read.result()).text, TEXT);
  assertThrows(() => read.toResponse(), ProviderError, "read by textStream()");

  assertEquals(await start().toResponse().text(), TEXT);
  const types = await Array.fromAsync(
    start().toReadableStream(),
    ({ type }) => type,
  );
  assertEquals([types[0], types.at(-1)], ["step", "finish"]);

  for (const format of ["sse", "jsonl"] as const) {
    const shown = await start().toResponse({ format }).text();
    assertStringIncludes(shown, "Tool failed");
    assert(!shown.includes("hunter2"));
  }

  const left = start();
  await left.next();
  await left.cancel();
  assertEquals(await left.next(), { done: true, value: undefined });
});
