import { assertRejects, assertStringIncludes } from "@std/assert";
import {
  createAmigoChat,
  createOpenAiCompatible,
  type OpenAiCompatibleProvider,
} from "../mod.ts";
import {
  createAmigoChatUpstream,
  createOpenAiUpstream,
} from "../packages/testing/mod.ts";

/** The key of the server that is asked. */
export const KEY = "a-key-0123456789";

const { fetch } = createOpenAiUpstream({ apiKey: KEY });

/** A provider that knows its models. */
export const amigoChat = createAmigoChat({
  fetch: createAmigoChatUpstream().fetch,
});

/** What somebody does, by what is wrong with it, and what he is told. */
export type Mistakes = Readonly<
  Record<string, readonly [make: () => unknown, told: string]>
>;

/** Calls as somebody does who reads no types. */
export function call<T>(
  callee: (...args: never[]) => T,
  ...args: unknown[]
): T {
  return Reflect.apply(callee, undefined, args);
}

/** Makes a provider that is set so. */
export function create(options: object = {}): OpenAiCompatibleProvider {
  return call(createOpenAiCompatible, {
    baseUrl: "http://openai.example/v1",
    apiKey: KEY,
    defaultModel: "gpt-4o",
    maxRetries: 0,
    fetch,
    ...options,
  });
}

/** Asks a provider that is set so. */
export function ask(options: object): Promise<unknown> {
  return create(options).generate("Hi");
}

/** Makes each mistake. */
export function testMistakes(mistakes: Mistakes): void {
  for (const [mistake, [make, told]] of Object.entries(mistakes)) {
    Deno.test(`somebody is told what to do where ${mistake}`, async () => {
      const { message } = await assertRejects(async () => await make(), Error);
      assertStringIncludes(message, told);
    });
  }
}
