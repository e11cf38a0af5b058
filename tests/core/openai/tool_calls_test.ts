import { assertEquals } from "@std/assert";
import { createOpenAiCompatible } from "../../../mod.ts";
import type { Tool } from "../../../core/chat/tools.ts";
import { jsonSchema } from "../../../core/chat/schema.ts";

const tools: readonly Tool[] = ["f", "g", "ffgg"].map((name) => ({
  name,
  inputSchema: jsonSchema({ type: "object" }),
}));

/** One piece of a call, in short: index, id, name, input. */
type Short = readonly [
  index?: number | string | null,
  id?: string | null,
  name?: string | null,
  input?: unknown,
];

function toChunk([index, id, name, input]: Short): unknown {
  const call = {
    index,
    id,
    type: "function",
    function: { name, arguments: input },
  };
  return { choices: [{ index: 0, delta: { tool_calls: [call] } }] };
}

function toEnd(reason: string): unknown {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
}

function toBody(chunks: readonly unknown[]): string {
  const lines = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return `${lines.join("")}data: [DONE]\n\n`;
}

/** Runs an answer, and writes its calls in short. */
async function run(
  chunks: readonly unknown[],
  body: BodyInit = toBody(chunks),
): Promise<{
  readonly calls: readonly string[];
  readonly ids: readonly string[];
  readonly reason: string;
}> {
  const provider = createOpenAiCompatible({
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["m"],
    fetch: () => Promise.resolve(new Response(body)),
  });
  const deltas = new Map<string, string>();
  const calls: string[] = [];
  const ids: string[] = [];
  let reason = "";
  for await (const event of provider.stream("Hi", { tools })) {
    switch (event.type) {
      case "tool-call-delta":
        deltas.set(event.id, (deltas.get(event.id) ?? "") + event.text);
        break;
      case "tool-call":
        calls.push(`${event.name}${JSON.stringify(event.input)}`);
        ids.push(event.id);
        assertEquals(deltas.get(event.id), event.rawInput);
        break;
      case "tool-call-error":
        calls.push(`${event.name}!${event.reason}`);
        ids.push(event.id);
        break;
      case "finish":
        ({ reason } = event);
    }
  }
  return { calls, ids, reason };
}

/** What servers write, and the calls that it means. */
const CASES: Readonly<
  Record<string, { pieces: readonly Short[]; calls: readonly string[] }>
> = {
  "two calls, whose tails are interleaved": {
    pieces: [
      [0, "a", "f", ""],
      [1, "b", "g", '{"x"'],
      [0, undefined, undefined, '{"y":1}'],
      [1, undefined, undefined, ":2}"],
    ],
    calls: ['f{"y":1}', 'g{"x":2}'],
  },
  "an input that is whole before it ends": {
    pieces: [
      [0, "a", "f", "{}"],
      [1, "b", "g", {}],
      [0, undefined, undefined, "\n"],
      ["1", undefined, undefined, '{"x":1}'],
    ],
    calls: ["f{}", 'g{"x":1}'],
  },
  "ids without an index": {
    pieces: [[null, "a", "f", "{}"], [null, "b", "f", "{}"]],
    calls: ["f{}", "f{}"],
  },
  "tails without an index belong to the latest": {
    pieces: [
      [null, "a", "f", '{"x"'],
      [null, null, null, ":1}"],
      [null, "b", "g", '{"x"'],
      [null, null, null, ":2}"],
    ],
    calls: ['f{"x":1}', 'g{"x":2}'],
  },
  "index 0 for all, under different ids": {
    pieces: [
      [0, "a", "f", '{"x"'],
      [0, "a", "", ":1}"],
      [0, "b", "f", '{"x"'],
      [0, null, "", ":2}"],
    ],
    calls: ['f{"x":1}', 'f{"x":2}'],
  },
  "a name in pieces, and an id of its own for each": {
    pieces: [[0, "a", "ff"], [0, null, "gg", '{"x"'], [0, "b", null, ":1}"]],
    calls: ['ffgg{"x":1}'],
  },
  "index 0 for all, without ids": {
    pieces: [[0, null, "f", '{"x":1}'], [0, null, "f", '{"x":1}']],
    calls: ['f{"x":1}', 'f{"x":1}'],
  },
  "two calls that say the same": {
    pieces: [[0, "a", "f", '{"x":1}'], [1, "b", "f", '{"x":1}']],
    calls: ['f{"x":1}', 'f{"x":1}'],
  },
  "the second head under index 0, its tail under 1": {
    pieces: [
      [0, "a", "f", '{"x":1}'],
      [0, "b", "g", ""],
      [1, null, null, '{"x":2}'],
    ],
    calls: ['f{"x":1}', 'g{"x":2}'],
  },
  "the input of a second call under the first": {
    pieces: [[0, "a", "f", '{"x":1}'], [0, null, null, '{"x":2}']],
    calls: ["f!invalid-json"],
  },
  "the name with each piece": {
    pieces: [
      [0, "a", "f", '{"x":'],
      [0, "a", "f", '"}"'],
      [0, "a", "f", "}"],
    ],
    calls: ['f{"x":"}"}'],
  },
  "the input before the name": {
    pieces: [[0, "a", null, '{"x":'], [0, null, "f", "1"], [0, null, "", "}"]],
    calls: ['f{"x":1}'],
  },
  "an id that comes late": {
    pieces: [[0, "", "f", '{"x":'], [0, "a", "", "1}"]],
    calls: ['f{"x":1}'],
  },
  "one id for two calls": {
    pieces: [
      [0, "a", "f", '{"x":1}'],
      [1, "a", "g", '{"x":'],
      [1, "a", null, "2}"],
    ],
    calls: ['f{"x":1}', 'g{"x":2}'],
  },
  "one id for two calls of a tool, their pieces in turn": {
    pieces: [
      [0, "a", "f", '{"x"'],
      [1, "a", "f", '{"y"'],
      [0, "a", null, ":1}"],
      [1, "a", null, ":2}"],
    ],
    calls: ['f{"x":1}', 'f{"y":2}'],
  },
  "tails without an index after heads with one": {
    pieces: [
      [0, "a", "f", '{"x"'],
      [null, null, null, ":1}"],
      [1, "b", "g", '{"x"'],
      [null, null, null, ":2}"],
    ],
    calls: ['f{"x":1}', 'g{"x":2}'],
  },
  "the name with each piece, after a quotation mark": {
    pieces: [[0, "a", "f", '{"x":"\\"}'], [0, "a", "f", '"}']],
    calls: ['f{"x":"\\"}"}'],
  },
  "a whole call once more": {
    pieces: [
      [0, "a", "f", '{"x":'],
      [0, null, "", "1}"],
      [0, "a", "f", '{"x":1}'],
      [0, "a", "", '{"x":1}'],
      [0, null, "", '{"x":1}'],
      [1, "a", "f", '{"x":1}'],
    ],
    calls: ['f{"x":1}'],
  },
  "the input as an object": {
    pieces: [[0, "a", "f", { x: 1 }]],
    calls: ['f{"x":1}'],
  },
  "no input": {
    pieces: [[0, "a", "f", ""], [1, "b", "f", null], [2, "c", "f", "null"]],
    calls: ["f{}", "f{}", "f{}"],
  },
  "a call without a name": {
    pieces: [[0, "a", null, "{}"]],
    calls: ["!unknown-tool"],
  },
};

for (const [name, { pieces, calls }] of Object.entries(CASES)) {
  Deno.test(`readOpenAiAnswer() understands ${name}`, async () => {
    const chunks = [...pieces.map(toChunk), toEnd("tool_calls")];
    const found = await run(chunks);
    assertEquals([found.calls, found.reason], [calls, "tool-calls"]);
    // Ids are there, and each is unique.
    assertEquals(new Set(found.ids.filter(Boolean)).size, calls.length);
  });
}

const TWO = CASES["two calls, whose tails are interleaved"];

Deno.test("readOpenAiAnswer() understands calls by any reason that is no cut", async () => {
  const pieces = TWO?.pieces.map(toChunk) ?? [];
  for (const reason of ["stop", "tool_calls", "function_call"]) {
    const { calls } = await run([...pieces, toEnd(reason), toEnd(reason)]);
    assertEquals(calls, TWO?.calls);
  }
  assertEquals((await run([...pieces, toEnd("length")])).calls, []);
});

Deno.test("readOpenAiAnswer() understands calls wherever the body is cut", async () => {
  const body = new TextEncoder().encode(
    toBody([...TWO?.pieces.map(toChunk) ?? [], toEnd("tool_calls")]),
  );
  for (const size of [1, 2, 3, 7, 61]) {
    const pieces = Array.from(
      { length: Math.ceil(body.length / size) },
      (_, index) => body.slice(index * size, (index + 1) * size),
    );
    const { calls } = await run([], ReadableStream.from(pieces));
    assertEquals(calls, TWO?.calls);
  }
});
