// A gateway is a server like OpenAI's: what a provider promises before one of
// those it promises before a gateway, too, and tools are called through it
// whatever befalls the server behind it.
import { assertEquals } from "@std/assert";
import { jsonSchema, type ProviderOptions } from "@parley/chat";
import {
  conformanceCases,
  type ConformanceTarget,
  createFaultyUpstream,
  createOpenAiUpstream,
} from "@parley/testing";
import { createOpenAi } from "../../../tests/_openai_compatible.ts";
import { OPENAI_COMPATIBLE } from "../../../tests/_providers.ts";
import { open } from "./_gateway.ts";

type Fetch = typeof globalThis.fetch;

/** A gateway before a provider that is asked with these options. */
function toServer(options: ProviderOptions): { readonly fetch: Fetch } {
  const gateway = open({ hosts: null, providers: [createOpenAi(options)] });
  return { fetch: (input, init) => gateway(new Request(input, init)) };
}

const { tools, pictures: _, ...target } = OPENAI_COMPATIBLE;

const BEFORE: ConformanceTarget = {
  ...target,
  name: "OpenAiCompatible before a gateway",
  upstream: (options) => toServer({ fetch: target.upstream(options).fetch }),
  tools: {
    upstreams: Object.fromEntries(
      Object.entries(tools?.upstreams ?? {}).map(([form, toUpstream]) => [
        form,
        (options) => toServer({ fetch: toUpstream(options).fetch }),
      ]),
    ),
  },
};

const BEHIND: ConformanceTarget = {
  ...target,
  name: "A gateway before OpenAiCompatible",
  create: (options) => createOpenAi(toServer(options)),
  ...(tools && { tools }),
};

const CASES = [
  // A gateway holds back itself what might begin a stop word.
  ...conformanceCases(BEFORE).filter(({ name }) => !/ a stop word /.test(name)),
  // What breaks before an answer began is a status: see below.
  ...conformanceCases(BEHIND).filter(({ name }) =>
    / hands out /.test(name) && !/ is cut$/.test(name)
  ),
];
for (const { name, run } of CASES) Deno.test(name, run);

Deno.test("a gateway hands out no call of an answer that is cut behind it", async () => {
  const tools = [{ name: "f", inputSchema: jsonSchema({ type: "object" }) }];
  for (let bytes = 0;; bytes += 89) {
    const upstream = createFaultyUpstream(
      createOpenAiUpstream({
        answer: () => ({ toolCalls: [{ name: "f", input: { a: 1 } }] }),
      }),
      { faults: [{ type: "cut", after: { bytes } }] },
    );
    const { fetch } = upstream;
    const provider = createOpenAi({
      ...toServer({ fetch, maxRetries: 0 }),
      maxRetries: 0,
    });
    const types: string[] = [];
    const error = await (async () => {
      for await (const { type } of provider.stream("Hi", { tools })) {
        types.push(type);
      }
    })().catch((error) => error);
    assertEquals(types.includes("tool-call"), error === undefined);
    if (error === undefined) break;
  }
});
