// Answers that begin anew, and final texts that are others than were sent.
import { assertEquals } from "@std/assert";
import type { ChatStream } from "@parley/chat";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { FINISH, toTextEvent } from "../../../tests/_parrot.ts";
import {
  ANSWER,
  ask,
  createParrotGateway,
  joinChunks,
  readChunks,
  readEvents,
  say,
} from "./_gateway.ts";

const RESTART: ChatEvent = {
  type: "restart",
  discard: 4,
  reason: "network",
  provider: "Other",
  model: "blue",
};

Deno.test("a stream adds what only the final text has", async () => {
  const gateway = say([
    toTextEvent("Good"),
    { type: "finish", reason: "stop", text: "Good day" },
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(joinChunks(chunks), "Good day");
});

Deno.test("a stream adds what the final text has beyond a text of megabytes", async () => {
  const piece = "Good day. ".repeat(100_000);
  const gateway = say([
    toTextEvent(piece),
    toTextEvent(piece),
    toTextEvent(piece),
    { type: "finish", reason: "stop", text: `${piece.repeat(3)}Good night.` },
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(
    joinChunks(chunks) === `${piece.repeat(3)}Good night.`,
    true,
    "The text",
  );
});

Deno.test("a stream keeps nothing of its text but where an object is asked for", async () => {
  const streams: ChatStream[] = [];
  const gateway = say([toTextEvent("{"), toTextEvent("}"), FINISH], {
    definition: { outputSupport: "json" },
    wrapProvider: (provider) => ({
      ...provider,
      stream(input, options) {
        const stream = provider.stream(input, options);
        streams.push(stream);
        return stream;
      },
    }),
  });
  for (const response_format of [undefined, { type: "json_object" }]) {
    const chunks = await readChunks(
      await ask(gateway, { stream: true, response_format }),
    );
    assertEquals(joinChunks(chunks), "{}");
  }
  assertEquals(streams.map(({ partial }) => partial.text), ["{", "{}"]);
});

Deno.test("a stream does not mind a final text that is trimmed", async () => {
  const gateway = say([
    toTextEvent(" Good day\n"),
    { type: "finish", reason: "stop", text: "Good day" },
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(joinChunks(chunks), " Good day\n");
});

Deno.test("a stream breaks off where the final text is another", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield { type: "finish", reason: "stop", text: "Bad day" };
  });
  const events = await readEvents(await ask(gateway, { stream: true }));
  assertEquals(events.at(-1)?.[0], "error");
  assertEquals(JSON.parse(events.at(-1)?.[1] ?? "").error.code, "incomplete");
});

Deno.test("a stream that may restart gives another final text anew", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield { type: "usage", usage: { inputTokens: 9, outputTokens: 8 } };
    yield { type: "finish", reason: "stop", text: "Bad day" };
  });
  const stream_options = { include_restarts: true, include_usage: true };
  const chunks = await readChunks(
    await ask(gateway, { stream: true, stream_options }),
  );
  assertEquals(chunks[2]?.restart, {
    discard: 4,
    reason: "bad-response",
    provider: "Parrot",
    model: "grey",
  });
  assertEquals(joinChunks(chunks.slice(3)), "Bad day");
  assertEquals(chunks.at(-1)?.usage, {
    prompt_tokens: 9,
    completion_tokens: 8,
    total_tokens: 17,
  });
});

Deno.test("a stream that may restart tells it in a chunk", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield [RESTART, ...ANSWER];
  });
  const stream_options = { include_restarts: true, include_usage: true };
  const chunks = await readChunks(
    await ask(gateway, { stream: true, stream_options }),
  );
  const { type: _, ...restart } = RESTART;
  assertEquals(chunks[2]?.restart, restart);
  assertEquals(chunks[2]?.choices, []);
  assertEquals(chunks[2]?.model, "Other/blue");
  assertEquals(joinChunks(chunks.slice(3)), "Good day");
});

Deno.test("a stream that can only append breaks off at a restart", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield [RESTART, ...ANSWER];
  });
  const events = await readEvents(await ask(gateway, { stream: true }));
  assertEquals(events.length, 3);
  assertEquals(JSON.parse(events[2]?.[1] ?? "").error.code, "incomplete");
});

Deno.test("a restart that discards nothing is no failure", async () => {
  const gateway = say([{ ...RESTART, discard: 0 }, ...ANSWER]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(joinChunks(chunks), "Good day");
});

Deno.test("a stream that begins anew forgets all that came before", async () => {
  const usage = { inputTokens: 9, outputTokens: 9, totalTokens: 18 };
  const gateway = say([
    toTextEvent("Good"),
    { type: "usage", usage },
    RESTART,
    toTextEvent("Bad"),
    FINISH,
  ]);
  const stream_options = { include_restarts: true, include_usage: true };
  const chunks = await readChunks(
    await ask(gateway, { stream: true, stream_options }),
  );
  assertEquals(chunks.map(({ model }) => model), [
    "Parrot/grey",
    "Parrot/grey",
    "Other/blue",
    "Other/blue",
    "Other/blue",
    "Other/blue",
  ]);
  assertEquals(chunks.at(-1)?.usage, {
    prompt_tokens: 2,
    completion_tokens: 1,
    total_tokens: 3,
    estimated: true,
  });
});
