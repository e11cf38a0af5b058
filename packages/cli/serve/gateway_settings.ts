import * as z from "zod/mini";
import {
  bytes,
  duration,
  flag,
  integer,
  json,
  list,
  optional,
} from "./setting_kinds.ts";
import type { Setting } from "./setting.ts";

const MODEL_NAME = z.string().check(z.regex(/^[^/]+\/./));

/** A route: a model, alone or with what is set for it. */
const Route = z.union([
  MODEL_NAME,
  z.strictObject({
    model: MODEL_NAME,
    weight: z.optional(z.number()),
    maxRetries: z.optional(z.number()),
    name: z.optional(z.string()),
    timeouts: z.optional(z.record(z.string(), z.nullable(z.number()))),
  }),
]);

/** A route as a configuration has it. */
export type RouteSettings = z.infer<typeof Route>;

/** Which names models have. */
export const NAMING = {
  "routes": {
    kind: json(
      'failovers by their names, such as {"best": ["provider/model"]}',
      z.record(z.string(), z.array(Route).check(z.minLength(1))),
    ),
    about: "failovers by their names: models to ask one after another, each " +
      '"provider/model" or {"model", "weight", "maxRetries", "timeouts", ' +
      '"name"}',
    example: '{"best": ["openai/llama3.2", "AmigoChat/gpt-4o"]}',
  },
  "aliases": {
    kind: json(
      'models by other names, such as {"mini": "provider/model"}',
      z.record(z.string(), z.string()),
    ),
    about: "models by other names",
    example: '{"mini": "openai/llama3.2"}',
  },
} as const satisfies Record<string, Setting>;

/** Who may ask. */
export const ACCESS = {
  "apiKeys": {
    kind: list("KEY", "keys"),
    about: "the keys that open the gateway; needed where others than this " +
      "machine can reach it",
    byDefault: "none",
    example: "one,other",
  },
  "allowAnonymous": {
    kind: flag,
    about: "answer requests without a key",
    byDefault: "where there is no key, and only this machine can ask",
    example: "true",
  },
  "hosts": {
    kind: optional(list("NAME", "names of hosts")),
    about: 'names besides localhost to answer to; "none" lets any name be',
    byDefault: "no other where no key is needed, else any",
    example: "gateway.lan",
  },
  "origins": {
    kind: list("ORIGIN", "origins"),
    about: "the origins whose pages may ask",
    byDefault: "its own page",
    example: "https://chat.example",
  },
} as const satisfies Record<string, Setting>;

/** How much is taken. */
export const LIMITS = {
  "limits.bodyBytes": {
    kind: bytes,
    about: "the most bytes of a request",
    byDefault: "1MiB",
    example: "4MiB",
  },
  "limits.imageBodyBytes": {
    kind: bytes,
    about: "the same, of a request with pictures",
    byDefault: "1MiB",
    example: "20MiB",
  },
  "limits.bodyTimeout": {
    kind: duration,
    about: "the most time until all of a request is there",
    byDefault: "10s",
    example: "30s",
  },
  "limits.concurrency": {
    kind: optional(integer(1)),
    about: "the most requests that are answered at once",
    byDefault: "1000",
    example: "50",
  },
  "limits.concurrencyPerKey": {
    kind: optional(integer(1)),
    about: "the most of them with one key",
    byDefault: "half of them where there are several keys",
    example: "10",
  },
  "limits.stallTimeout": {
    kind: duration,
    about: "for how long a client may take nothing of a stream",
    byDefault: "30s",
    example: "1m",
  },
  "limits.requestsPerMinute": {
    kind: optional(integer(1)),
    about: "the most requests in a minute with one key",
    byDefault: "none",
    example: "60",
  },
} as const satisfies Record<string, Setting>;

/** How it answers. */
export const ANSWERING = {
  "passFields": {
    kind: list("FIELD", "names of fields"),
    about: "fields of a request that go to the upstream as they are",
    byDefault: "none",
    example: "top_k,logit_bias",
  },
  "maxRetryDelay": {
    kind: duration,
    about: "the longest wait that an upstream may ask for before the client " +
      "is told",
    byDefault: "5s",
    example: "20s",
  },
  "keepAlive": {
    kind: optional(duration),
    about: "after how much silence a stream says that it is still there",
    byDefault: "15s",
    example: "5s",
  },
  "holdHead": {
    kind: optional(duration),
    about: "for how long a stream waits with its status for the first content",
    byDefault: "none: as long as it takes",
    example: "10s",
  },
  "page": {
    kind: flag,
    about: "a page to chat with at /",
    byDefault: "true",
    example: "false",
  },
} as const satisfies Record<string, Setting>;
