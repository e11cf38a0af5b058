import { assert, assertEquals, assertRejects } from "@std/assert";
import * as z from "zod";
import * as m from "zod/mini";
import {
  createOpenAiCompatible,
  jsonSchema,
  type Provider,
  ProviderError,
} from "../../mod.ts";
import {
  generateObject,
  partialObjects,
  runTools,
  streamObject,
  tool,
} from "../../tools/mod.ts";
import type { OutputMode } from "../../core/chat/tools.ts";
import { PartialJson } from "../../tools/partial_json.ts";
import { createScripted } from "./_script.ts";

const Person = z.object({ name: z.string(), age: z.optional(z.number()) });
const ADA = '{"name":"Ada","age":36}';

/** What comes of an answer, by the mode in which an object is asked for. */
const ANSWERS: readonly (readonly [string, OutputMode, unknown])[] = [
  [ADA, "schema", { name: "Ada", age: 36 }],
  [`\`\`\`json\n${ADA}\n\`\`\``, "schema", { name: "Ada", age: 36 }],
  [`Here:\n${ADA}`, "schema", "syntax"],
  [`Here:\n\`\`\`json\n${ADA}\n\`\`\``, "schema", "syntax"],
  [`Here: ${ADA}, as you said`, "json", { name: "Ada", age: 36 }],
  [`Here:\n\`\`\`json\n${ADA}\n\`\`\`\nBye`, "prompt", {
    name: "Ada",
    age: 36,
  }],
  [`${ADA} or ${ADA}`, "prompt", "syntax"],
  [ADA.slice(0, -1), "json", "syntax"],
  ['{"name":1}', "schema", "schema"],
  ["[]", "schema", "schema"],
];

Deno.test("generateObject() checks what comes, and mends nothing", async () => {
  for (const [answer, mode, expected] of ANSWERS) {
    const { provider } = createScripted([answer]);
    const output = { schema: Person, mode };
    const found = await generateObject(provider, "Hi", {
      output,
      maxRepairs: 0,
    })
      .then(({ object }) => object, ({ code, reason }) => [code, reason]);
    assertEquals<unknown>(
      found,
      typeof expected === "string" ? ["invalid-output", expected] : expected,
      answer,
    );
  }
});

Deno.test("generateObject() asks again, and says what is wrong", async () => {
  const { provider, runs } = createScripted(['{"name":1}', ADA]);
  const { object } = await generateObject(provider, "Hi", { output: Person });
  assertEquals(object, { name: "Ada", age: 36 });
  assertEquals(runs[1]?.messages.slice(1), [
    { role: "assistant", content: '{"name":1}' },
    {
      role: "user",
      content: "The answer is not valid (schema):\n" +
        "name: Invalid input: expected string, received number\n" +
        "Answer again, with the whole object.",
    },
  ]);
  // A repair is a step, too.
  for (const [maxSteps, count] of [[10, 3], [2, 2]]) {
    const bad = createScripted(Array(5).fill("no"));
    const options = { output: Person, maxRepairs: 2, maxSteps };
    const error = await assertRejects(
      () => generateObject(bad.provider, "Hi", options),
      ProviderError,
    );
    assertEquals([error.code, bad.runs.length], ["invalid-output", count]);
  }
});

Deno.test("an object beside tools is the input of one more", async () => {
  const { provider, runs } = createScripted([["age{}"], [`answer${ADA}`]]);
  const age = tool({
    name: "age",
    inputSchema: z.object({}),
    execute: () => 36,
  });
  const { object, toolCalls, finishReason } = await runTools(provider, "Hi", {
    tools: [age],
    output: Person,
  }).result();
  assertEquals(object, { name: "Ada", age: 36 });
  assertEquals([toolCalls, finishReason], [[], "stop"]);
  assertEquals(runs[0]?.tools.map(({ name }) => name), ["age", "answer"]);
  assertEquals([runs[0]?.toolChoice, runs[0]?.output], ["required", undefined]);
});

Deno.test("every kind of schema is written and checked", async () => {
  const ask = (provider: Provider, output: Parameters<typeof jsonSchema>[1]) =>
    generateObject(provider, "Hi", {
      output: jsonSchema({ type: "object" }, output),
    });
  const mini = m.object({ name: m.string() });
  const { object } = await ask(createScripted([ADA]).provider, mini);
  assertEquals(object, { name: "Ada" });
  const list = await generateObject(
    createScripted(['{"value":["a"]}']).provider,
    "Hi",
    { output: z.array(z.string()) },
  );
  assertEquals(list.object, ["a"]);
  const any = await generateObject(createScripted(['{"a":1}']).provider, "Hi", {
    output: { schema: "json" },
  });
  assertEquals(any.object, { a: 1 });
});

const TEXT = '{"a":"x\\n\\u00e9\\"y","b":[1,{"c":true},[],null,-1.5e3],"d":{}}';

Deno.test("PartialJson is the value in the end, however the text is cut", () => {
  for (let size = 1; size <= TEXT.length; size++) {
    const parser = new PartialJson();
    for (let index = 0; index < TEXT.length; index += size) {
      parser.push(TEXT.slice(index, index + size));
      parser.toSnapshot();
    }
    assertEquals(parser.toSnapshot(), JSON.parse(TEXT));
  }
});

Deno.test("PartialJson shows texts as they grow, and numbers when they are whole", () => {
  const parser = new PartialJson();
  const shown: string[] = [];
  for (const character of '```{"a":12,"b":"x\\n","c":[') {
    parser.push(character);
    if (parser.hasChanged) shown.push(JSON.stringify(parser.toSnapshot()));
  }
  assertEquals(shown, [
    "{}",
    '{"a":12}',
    '{"a":12,"b":""}',
    '{"a":12,"b":"x"}',
    '{"a":12,"b":"x\\n"}',
    '{"a":12,"b":"x\\n","c":[]}',
  ]);
});

Deno.test("PartialJson does not change what it has given", () => {
  const parser = new PartialJson();
  parser.push('{"a":[1,');
  const before = parser.toSnapshot();
  parser.push('2],"b":1}');
  assertEquals(before, { a: [1] });
  assert(!Object.hasOwn(Object(parser.toSnapshot()), "__proto__"));
});

Deno.test("streamObject() ends with the object that was checked", async () => {
  const upper = z.object({ name: z.string().transform((name) => name.length) });
  const { provider } = createScripted(['{"name":"Ada"}']);
  const shown = await Array.fromAsync(
    streamObject(provider, "Hi", { output: upper }),
  );
  assertEquals<unknown>(shown.at(-1), { name: 3 });

  // Beside tools it is the input of a call; what other calls take is not shown.
  const age = tool({
    name: "age",
    inputSchema: z.object({}),
    execute: () => 36,
  });
  const { provider: calling } = createScripted([
    ["age{}"],
    ['person{"name":"Ada"}'],
  ]);
  const options = { tools: [age], output: { schema: upper, name: "person" } };
  assertEquals<unknown>(
    await Array.fromAsync(streamObject(calling, "Hi", options)),
    [{ name: "Ada" }, { name: 3 }],
  );

  const { provider: other } = createScripted(["no"]);
  await assertRejects(
    () =>
      Array.fromAsync(partialObjects(other.stream("Hi", { output: upper }))),
    ProviderError,
    "no JSON",
  );
});

Deno.test("a refusal in place of an object is final, in either form", async () => {
  for (
    const message of [
      { refusal: "I cannot" },
      { content: [{ type: "refusal", refusal: "I cannot" }] },
    ]
  ) {
    for (const field of ["message", "delta"]) {
      let count = 0;
      const provider = createOpenAiCompatible({
        baseUrl: "http://127.0.0.1:1/v1",
        models: ["small"],
        fetch: () => {
          count++;
          const choice = { [field]: message, finish_reason: "stop" };
          return Promise.resolve(Response.json({ choices: [choice] }));
        },
      });
      const error = await assertRejects(
        () => generateObject(provider, "Hi", { output: Person }),
        ProviderError,
      );
      assertEquals(
        [error.code, error.reason, error.partial?.text, count],
        ["content-filter", "refusal", "I cannot", 1],
      );
    }
  }
});
