import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import type { StandardSchema } from "../../../core/chat/schema.ts";
import { splitOptions } from "../../../core/run/own_options.ts";

const SCHEMA = z.object({
  region: z.enum(["eu", "us"]),
  depth: z.number().default(2),
});

const FETCH = () => Promise.resolve(new Response());

function toMessage(
  options: object,
  schema: StandardSchema<object, object> = SCHEMA,
): string {
  const error = assertThrows(
    () => splitOptions(schema, options as ProviderOptions),
    ProviderError,
  );
  assertEquals(error.code, "invalid-request");
  return error.message;
}

Deno.test("splitOptions() tells a provider's own options apart, with their defaults", () => {
  const options = { region: "eu", apiKey: "sk-1234", fetch: FETCH };
  assertEquals(splitOptions(SCHEMA, options), {
    shared: { apiKey: "sk-1234", fetch: FETCH },
    own: { region: "eu", depth: 2 },
  });
  assertEquals(splitOptions(undefined, options), { shared: options, own: {} });
});

Deno.test("splitOptions() says which option is wrong, and not what it holds", () => {
  assertEquals(
    toMessage({}).startsWith('Option "region" is not valid: '),
    true,
  );
  assertEquals(
    toMessage({ region: "eu", dept: 1 }),
    'Option "dept" is unknown',
  );
  const repeating: StandardSchema<object, object> = {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: (value) => ({
        issues: [{
          message: `Received ${Object.values(value as object)}`,
          path: [{ key: "token" }],
        }],
      }),
    },
  };
  assertEquals(
    toMessage({ token: "sk-4711-0815" }, repeating),
    'Option "token" is not valid: Received [redacted]',
  );
});

Deno.test("splitOptions() takes no schema that has to be waited for", () => {
  const schema = z.object({
    a: z.string().refine(() => Promise.resolve(true)),
  });
  const waiting: StandardSchema<object, object> = {
    "~standard": {
      ...schema["~standard"],
      validate: (value) => Promise.resolve({ value: Object(value) }),
    },
  };
  assertEquals(
    toMessage({}, waiting),
    "Options cannot be checked: their schema waits",
  );
});
