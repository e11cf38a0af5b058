import { assertEquals } from "@std/assert";
import { type ChatEvent, ProviderError } from "@parley/chat";
import { FINISH, toTextEvent } from "../../../../tests/_parrot.ts";
import { ANSWER, createParrotGateway, readError, say } from "../_gateway.ts";
import { createServed, type Json } from "../_served.ts";
import { ask, readStream } from "./_ask.ts";

/** What an event says, in short. */
function toShort({ type, item, part, delta, text, ...rest }: Json): unknown {
  const said = delta ?? text ?? rest.refusal ?? rest.arguments ??
    Object(part).type ?? Object(item).type;
  return said === undefined ? type : `${type}: ${said}`;
}

async function tellStream(
  events: readonly ChatEvent[],
): Promise<readonly unknown[]> {
  const response = await ask(say(events), { stream: true });
  return (await readStream(response)).slice(2)
    .map((event) => String(toShort(event)).replace(/^response\./, ""));
}

const WITH_REASONING: readonly ChatEvent[] = [
  { type: "reasoning", text: "Hm" },
  ...ANSWER,
];

Deno.test("a response is streamed in the order of OpenAI's", async () => {
  assertEquals(await tellStream(WITH_REASONING), [
    "output_item.added: reasoning",
    "reasoning_summary_part.added: summary_text",
    "reasoning_summary_text.delta: Hm",
    "reasoning_summary_text.done: Hm",
    "reasoning_summary_part.done: summary_text",
    "output_item.done: reasoning",
    "output_item.added: message",
    "content_part.added: output_text",
    "output_text.delta: Good day",
    "output_text.done: Good day",
    "content_part.done: output_text",
    "output_item.done: message",
    "completed",
  ]);
});

Deno.test("calls are streamed each as an item of its own", async () => {
  const { gateway } = createServed(
    [0, 1].flatMap((index) => [
      { tool_calls: [{ index, id: `c${index}`, function: { name: "a" } }] },
      { tool_calls: [{ index, function: { arguments: `{"${index}":1}` } }] },
    ]),
  );
  const response = await ask(gateway, {
    model: "Server/small",
    stream: true,
    tools: [{ type: "function", name: "a", parameters: {} }],
  });
  const events = await readStream(response);
  assertEquals(
    events.slice(2).map((event) =>
      `${event.output_index} ${toShort(event)}`.replace("response.", "")
    ),
    [
      "0 output_item.added: function_call",
      '0 function_call_arguments.delta: {"0":1}',
      "1 output_item.added: function_call",
      '1 function_call_arguments.delta: {"1":1}',
      '0 function_call_arguments.done: {"0":1}',
      "0 output_item.done: function_call",
      '1 function_call_arguments.done: {"1":1}',
      "1 output_item.done: function_call",
      "undefined completed",
    ],
  );
});

Deno.test("an agent calls what is in its namespaces, and is told what it goes without", async () => {
  const { gateway, bodies } = createServed([
    { tool_calls: [{ index: 0, id: "c", function: { name: "crew__ask" } }] },
    { tool_calls: [{ index: 0, function: { arguments: "{}" } }] },
  ]);
  const called = { type: "function_call", call_id: "c", name: "ask" };
  const asked = {
    model: "Server/small",
    tools: [
      { type: "web_search" },
      { type: "function", name: "a", parameters: {} },
      {
        type: "namespace",
        name: "crew",
        tools: [{ type: "function", name: "ask", parameters: {} }],
      },
    ],
    input: [
      { role: "user", content: "Hello" },
      { ...called, namespace: "crew", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "Yes" },
    ],
  };
  const response = await (await ask(gateway, asked)).json();
  const { namespace, name, arguments: input } = response.output[0];
  assertEquals([namespace, name, input], ["crew", "ask", "{}"]);
  assertEquals(response.warnings[0].code, "ignored-field");
  const { tools, messages } = Object(bodies[0]);
  assertEquals(tools[1].function.name, "crew__ask");
  assertEquals(messages[1].tool_calls[0].function.name, "crew__ask");
});

Deno.test("a response that has ended names who ended it", async () => {
  const gateway = say([
    { type: "text", text: "Hello" },
    { type: "finish", reason: "stop", responseModel: "small-2026" },
  ]);
  const events = await readStream(await ask(gateway, { stream: true }));
  const { model } = Object(events.at(-1)?.response);
  assertEquals(model, "Parrot/small-2026");
});

Deno.test("a response in one piece is what its events add up to", async () => {
  for (const reason of ["stop", "length", "content-filter"] as const) {
    const gateway = say([
      ...WITH_REASONING.slice(0, -1),
      { type: "usage", usage: { inputTokens: 3, outputTokens: 2 } },
      { type: "finish", reason },
    ]);
    const whole = await (await ask(gateway)).json();
    const events = await readStream(await ask(gateway, { stream: true }));
    const { response, type } = Object(events.at(-1));
    assertEquals(type, `response.${whole.status}`);
    const { id: _, created_at: _at, output, ...rest } = whole;
    const { id: _own, created_at: _own_at, output: streamed, ...same } =
      response;
    assertEquals(same, rest);
    const toContent = (items: readonly Json[]) =>
      items.map(({ id: _id, ...item }) => item);
    assertEquals(toContent(streamed), toContent(output));
    assertEquals(
      whole.incomplete_details?.reason,
      { stop: undefined, length: "max_output_tokens" }[reason as string] ??
        (reason === "content-filter" ? "content_filter" : undefined),
    );
    assertEquals(whole.usage.input_tokens, 3);
  }
});

Deno.test("a streamed call is whole only where its answer is", async () => {
  const deltas = [{
    tool_calls: [{
      index: 0,
      id: "c",
      function: { name: "a", arguments: "{}" },
    }],
  }, { content: "Hm" }];
  const statuses = { tool_calls: "completed", length: "incomplete" };
  for (const [reason, status] of Object.entries(statuses)) {
    const { gateway } = createServed(deltas, {}, {}, reason);
    const events = await readStream(
      await ask(gateway, {
        model: "Server/small",
        tools: [{ type: "function", name: "a", parameters: {} }],
        stream: true,
      }),
    );
    const ended = events.map(({ type, item }) =>
      type === "response.output_item.done" ? Object(item) : {}
    ).find(({ type }) => type === "function_call");
    const { output } = Object(events.at(-1)?.response);
    assertEquals([ended?.status, output[0].status], [status, status]);
  }
});

Deno.test("a failure has a status before the first event, and is one after it", async () => {
  const long = new ProviderError("Too long", { code: "context-length" });
  const early = await ask(
    createParrotGateway(() => {
      throw long;
    }),
    { stream: true },
  );
  assertEquals([early.status, (await readError(early)).param], [400, "input"]);

  const late = await ask(
    createParrotGateway(async function* () {
      yield toTextEvent("Good");
      throw new ProviderError("Cut", { code: "incomplete" });
    }),
    { stream: true },
  );
  const { type, response } = Object((await readStream(late)).at(-1));
  assertEquals(type, "response.failed");
  assertEquals([response.status, response.error.code], [
    "failed",
    "incomplete",
  ]);
});

Deno.test("items are referred to by who was sent them, unless they are not to be kept", async () => {
  const gateway = say([toTextEvent("Hi"), FINISH], {
    allowAnonymous: false,
    apiKeys: ["one", "two"],
  });
  const by = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  for (const store of [true, false]) {
    const { output: [{ id }] } =
      await (await ask(gateway, { store }, by("one")))
        .json();
    const input = [
      { role: "user", content: "Hello" },
      { type: "item_reference", id },
      { role: "user", content: "And?" },
    ];
    for (const key of ["one", "two"]) {
      const { status } = await ask(gateway, { input }, by(key));
      assertEquals(status, store && key === "one" ? 200 : 400);
    }
  }
});

Deno.test("a client of a stream that leaves stops the upstream", async () => {
  let isStopped = false;
  const gateway = createParrotGateway(async function* () {
    try {
      yield toTextEvent("Good");
      yield toTextEvent(" day");
    } finally {
      isStopped = true;
    }
  });
  const { body } = await ask(gateway, { stream: true });
  const reader = body?.getReader();
  await reader?.read();
  await reader?.cancel();
  assertEquals(isStopped, true);
});
