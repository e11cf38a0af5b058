// Schemas of the libraries that people use, written, sent and checked.
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { assertEquals, assertObjectMatch } from "@std/assert";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as m from "zod/mini";
import { jsonSchema, type Schema } from "../../mod.ts";
import { generateObject, runTools, tool } from "../../tools/mod.ts";
import { createScripted } from "./_script.ts";

const JSON_SCHEMA = {
  type: "object",
  properties: { name: { type: "string" } },
  required: ["name"],
};

const SCHEMAS: Readonly<Record<string, Schema<{ name: string }>>> = {
  "Zod": z.object({ name: z.string() }),
  "Zod Mini": jsonSchema(JSON_SCHEMA, m.object({ name: m.string() })),
  "Valibot": toStandardJsonSchema(v.object({ name: v.string() })),
  "ArkType": type({ name: "string" }),
};

for (const [library, schema] of Object.entries(SCHEMAS)) {
  Deno.test(`a schema of ${library} says what a tool takes, and is checked`, async () => {
    const { provider, runs } = createScripted([
      ['greet{"name":"Ada"}', 'greet{"name":4711}'],
      "Done",
    ]);
    const names: string[] = [];
    const greet = tool({
      name: "greet",
      inputSchema: schema,
      execute: ({ name }) => void names.push(name),
    });
    const { messages } = await runTools(provider, "Hi", { tools: [greet] })
      .result();
    assertEquals(names, ["Ada"]);
    assertObjectMatch({ ...runs[0]?.tools[0]?.inputSchema }, JSON_SCHEMA);
    const refused = String(messages[3]?.content);
    assertEquals([refused.includes("name"), refused.includes("4711")], [
      true,
      false,
    ]);
  });

  Deno.test(`a schema of ${library} says what an object is, and is checked`, async () => {
    const { provider, runs } = createScripted([
      '{"name":1}',
      '{"name":"Ada"}',
    ]);
    const output = schema;
    const { object } = await generateObject(provider, "Hi", { output });
    assertEquals([object.name, runs.length], ["Ada", 2]);
    assertObjectMatch({ ...runs[0]?.output?.schema }, JSON_SCHEMA);
  });
}
