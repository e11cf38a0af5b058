// Answers that one route begins and another goes on with.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import {
  type ChatEvent,
  type ChatOptions,
  createCohereC4aiCommand,
  createOpenAiCompatible,
  isProviderError,
  type Message,
  type OpenAiCompat,
  ProviderError,
} from "../../mod.ts";
import { createChatUiUpstream, FakeClock } from "@parley/testing";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { toWallAnswer } from "./_wall_answer.ts";
import { createActor, createStage, type Step } from "./_actors.ts";
import { createSituation } from "./_wall_failover.ts";

const CUT = { code: "incomplete" } as const;

/** Reads an answer that begins with one script and goes on with another. */
async function goOn(first: readonly Step[], second: readonly Step[]) {
  const stage = createStage([first, second], { onPartial: "continue" });
  const stream = stage.failover.stream("Tell me a story");
  const { events, error } = await stage.settle(readAll(stream));
  let text = "";
  for (const event of events) if (event.type === "text") text += event.text;
  return { ...stage, events, error, text };
}

Deno.test("onPartial continue goes on with what was shown, and says so", async () => {
  const { events, text, actors, failover } = await goOn(
    [{ type: "reasoning", text: "Hm" }, "Once upon", " a time", CUT],
    [" a", " time there", " was", {
      type: "finish",
      reason: "stop",
      text: "a time there was.",
    }],
  );
  assertEquals(text, "Once upon a time there was");
  assertEquals(events.filter(({ type }) => type === "restart"), []);
  assertEquals(events.find(({ type }) => type === "warning"), {
    type: "warning",
    code: "continued",
    message: 'Answer of "A" breaks off (incomplete), and "B" goes on with it',
  });
  const finish = events.at(-1);
  if (finish?.type !== "finish") throw new Error();
  const { continued, provider, text: final } = finish;
  assertEquals([continued, provider], [true, "B"]);
  assertEquals(final, "Once upon a time there was.");
  // The route is asked with the whole chat, and by words.
  const [question, answer, instruction, ...rest] =
    actors[1]?.runs[0]?.messages ?? [];
  assertEquals([question?.content, answer, rest.length], [
    "Tell me a story",
    { role: "assistant", content: "Once upon a time" },
    0,
  ]);
  assertEquals(instruction?.role, "user");
  // The next turn knows one answer, and nothing of how it came about.
  const conversation = events.find(({ type }) => type === "conversation");
  if (conversation?.type !== "conversation") throw new Error();
  await failover.generate("And then?", {
    conversation: conversation.conversation,
  });
  assertEquals(
    actors[0]?.runs[1]?.messages.map(({ content }) => content),
    ["Tell me a story", "Once upon a time there was.", "And then?"],
  );
});

const RESTART: ChatEvent = {
  type: "restart",
  discard: 0,
  reason: "timeout",
  provider: "X",
  model: "x",
};

Deno.test("onPartial continue begins anew where no text was shown", async () => {
  const { events, text, actors } = await goOn(
    [{ type: "reasoning", text: "Hm" }, CUT],
    ["All of it"],
  );
  assertEquals([text, actors[1]?.runs[0]?.messages.length], ["All of it", 1]);
  const finish = events.at(-1);
  assertEquals(finish?.type === "finish" && finish.continued, undefined);
});

Deno.test("onPartial continue lets an answer of a route begin anew before its text, and not after it", async () => {
  const early = await goOn(["Once", CUT], [RESTART, " upon"]);
  assertEquals([early.text, early.error], ["Once upon", undefined]);
  const late = await goOn(["Once", CUT], [" upon", RESTART, "No"]);
  assertEquals(late.text, "Once upon");
  assertEquals(
    late.error instanceof ProviderError && late.error.code,
    "incomplete",
  );
});

const IMAGE = { mediaType: "image/png", toJSON: () => ({}) };
const DELTA = { index: 0, id: "1", name: "look", text: "{" };

/** What is shown beside text, and what is asked for. */
const HALF_DONE: Readonly<Record<string, readonly [unknown[], ChatOptions]>> = {
  "a picture": [[{ type: "image", image: IMAGE }], {}],
  "half a call": [[{ type: "tool-call-delta", ...DELTA }], {}],
  "half an object": [[], { output: { schema: "json" } }],
};

for (const [name, [steps, options]] of Object.entries(HALF_DONE)) {
  Deno.test(`onPartial continue fails where ${name} was shown`, async () => {
    const clock = new FakeClock();
    const definition = { outputSupport: "schema" } as const;
    const script = ["{ ", ...steps as Step[], CUT];
    const a = createActor("A", [script], { clock, definition });
    const b = createActor("B", [["B"]], { clock, definition });
    const failover = createFailover([a.provider, b.provider], {
      clock,
      onPartial: "continue",
    });
    const error = await assertRejects(
      () => failover.generate("Hi", options),
      ProviderError,
    );
    assertEquals([error.code, b.runs.length], ["incomplete", 0]);
    assertEquals(error.partial?.text, "{ ");
  });
}

Deno.test("onPartial continue keeps no thread of a provider that was told of half an answer", async () => {
  const clock = new FakeClock();
  const a = createActor("A", [["Once", CUT]], { clock });
  const { fetch } = createChatUiUpstream({ answer: () => " upon" });
  const b = createCohereC4aiCommand({ clock, fetch });
  const failover = createFailover([a.provider, b], {
    clock,
    onPartial: "continue",
  });
  const { text, conversation } = await failover.generate("Hi");
  const { state } = conversation ?? {};
  assertEquals([text, state], ["Once upon", {
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Once upon" },
    ],
    parts: {},
  }]);
});

/** What a server is sent that goes on by itself. */
const PREFILLS: readonly (readonly [OpenAiCompat["prefill"], unknown])[] = [
  ["prefix", { last: { role: "assistant", content: "Once", prefix: true } }],
  ["continue_final_message", {
    last: { role: "assistant", content: "Once" },
    continue_final_message: true,
    add_generation_prompt: false,
  }],
  ["implicit", { last: { role: "assistant", content: "Once" } }],
];

for (const [prefill, expected] of PREFILLS) {
  Deno.test(`onPartial continue uses the server's own way (${prefill})`, async () => {
    const clock = new FakeClock();
    let sent: unknown;
    const b = createOpenAiCompatible({
      baseUrl: "https://b.example/v1",
      models: ["b"],
      compat: { prefill },
      clock,
      fetch(_input, init) {
        const { messages, stream: _, stream_options: __, model: ___, ...more } =
          JSON.parse(String(init?.body));
        sent = { last: (messages as Message[]).at(-1), ...more };
        const choice = { index: 0, message: { content: "Once upon a time" } };
        return Promise.resolve(Response.json({ choices: [choice] }));
      },
    });
    const a = createActor("A", [["Once", CUT]], { clock });
    const failover = createFailover([a.provider, b], {
      clock,
      onPartial: "continue",
    });
    // Some servers send back what they were given.
    assertEquals((await failover.generate("Hi")).text, "Once upon a time");
    assertEquals(sent, expected);
  });
}

/** How much is shown of each answer before it breaks off. */
const SITUATIONS: Readonly<Record<string, number>> = {
  "failing-once": 60,
  "limited-once": 60,
  "reset-once": 60,
  "unmarked": 60,
  "unmarked-open": 60,
  "malformed": 60,
  "limited": 0,
  "down": 0,
  "silent": 0,
  "slow": 0,
  "short": 0,
  "cut": 40,
  "broken": 40,
  "stalling": 20,
  "stalling-long": 20,
};

for (const [model, shown] of Object.entries(SITUATIONS)) {
  Deno.test(`a reader that only appends gets a whole answer, with another's words (${model})`, async () => {
    const situation = createSituation([model, "no-prefill"], {
      onPartial: "continue",
    });
    const { events, error } = await situation.settle(
      readAll(situation.failover.stream("Hello")),
    );
    assertEquals(error, undefined);
    assert(situation.elapsed() <= 30_000);
    // The other one takes no beginning of an answer as the last message.
    const { roles } = situation.wall.requests.at(-1) ?? {};
    assertEquals(roles?.at(-1), "user");
    const text = events.map((event) => event.type === "text" ? event.text : "");
    const begun = toWallAnswer(model).split(" ").slice(0, shown + 1).join(" ");
    const rest = shown === 60 ? "" : toWallAnswer("no-prefill");
    assertEquals(text.join(""), begun + rest);
    const finish = events.at(-1);
    const isContinued = shown > 0 && shown < 60;
    assertEquals(
      finish?.type === "finish" && (finish.continued ?? false),
      isContinued,
    );
  });
}

Deno.test("onPartial continue asks nobody else where content is refused", async () => {
  const { wall, failover, settle } = createSituation(["strict", "no-prefill"], {
    onPartial: "continue",
  });
  const { events, error } = await settle(readAll(failover.stream("Hello")));
  assertEquals(events, []);
  assert(isProviderError(error));
  assertEquals([error.code, error.status], ["content-filter", 400]);
  assertEquals(wall.requests.map(({ model }) => model), ["strict"]);
});
