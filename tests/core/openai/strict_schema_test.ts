import { assertEquals } from "@std/assert";
import { toStrictSchema } from "../../../core/openai/strict_schema.ts";
import * as z from "zod";

const STRICT: readonly (readonly [z.ZodType, boolean])[] = [
  [z.object({}), true],
  [z.object({ a: z.string(), b: z.array(z.object({ c: z.int() })) }), true],
  [z.object({ a: z.union([z.object({ b: z.null() }), z.string()]) }), true],
  [
    z.object({
      get again() {
        return z.nullable(z.lazy(() => Node));
      },
    }),
    true,
  ],
  [z.strictObject({ a: z.string() }), true],
  [z.object({ a: z.optional(z.string()) }), false],
  [z.object({ a: z.object({ b: z.optional(z.string()) }) }), false],
  [z.object({ a: z.record(z.string(), z.int()) }), false],
  [z.looseObject({ a: z.string() }), false],
  [z.object({ a: z.tuple([z.string()]) }), false],
  [z.object({ a: z.any() }), true],
  [z.array(z.string()), false],
];
const Node: z.ZodType = z.object({ value: z.int() });

Deno.test("toStrictSchema() closes what has no optional property", () => {
  for (const [schema, isStrict] of STRICT) {
    const json = z.toJSONSchema(schema, { io: "input" });
    const strict = toStrictSchema(json);
    assertEquals(strict !== undefined, isStrict, JSON.stringify(json));
    if (strict === undefined) continue;
    const objects = JSON.stringify(strict).match(/"type":"object"/g)?.length;
    const closed = JSON.stringify(strict).match(
      /"additionalProperties":false/g,
    );
    assertEquals(closed?.length, objects);
  }
});
