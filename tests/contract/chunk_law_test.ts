// Promise 3: how the network cuts the bytes makes no difference.
import { assert, assertEquals } from "@std/assert";
import { TestBody, toBytes, toSingleBytes } from "../_body.ts";
import { createRandom } from "../../packages/testing/random.ts";
import { cutRandomly } from "../_random.ts";
import { ANSWERS, type ProviderCase, toAnswer } from "./_providers.ts";
import {
  type Ending,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { answerWithBody } from "./_scripted_fetch.ts";

const SEEDS = 60;

async function ask(
  provider: ProviderCase,
  chunks: readonly Uint8Array[],
): Promise<Ending> {
  const { fetch } = answerWithBody(provider, new TestBody(chunks));
  const instance = provider.create({ fetch });
  return await readAll(instance.stream("Hello", provider.options));
}

/** What must be the same however the text is cut. */
function toComparable({ events, text, error }: Ending): unknown {
  assertEquals(error, undefined);
  for (const event of events) {
    if (event.type !== "text" && event.type !== "reasoning") continue;
    assert(event.text !== "" && event.text.isWellFormed());
  }
  const others = events.filter(({ type }) => type !== "text");
  return { text, others: JSON.parse(JSON.stringify(others)) };
}

for (const provider of ANSWERS) {
  const bytes = toBytes(toAnswer(provider));

  Deno.test(`${provider.name} answers the same byte by byte [F01] [F11]`, async () => {
    const ending = await ask(provider, toSingleBytes(bytes));
    assertEquals(
      toComparable(ending),
      toComparable(await ask(provider, [bytes])),
    );
    assertEquals(ending.text, provider.text);
  });

  Deno.test(`${provider.name} answers the same however it is cut [F01] [F02]`, async () => {
    const expected = toComparable(await ask(provider, [bytes]));
    for (let seed = 1; seed <= SEEDS; seed++) {
      const chunks = cutRandomly(bytes, createRandom(seed));
      const actual = toComparable(await ask(provider, chunks));
      assertEquals(actual, expected, `seed ${seed}`);
    }
  });

  Deno.test(`${provider.name} answers the same with empty chunks`, async () => {
    const empty = new Uint8Array();
    const chunks = cutRandomly(bytes, createRandom(0))
      .flatMap((chunk) => [empty, chunk]);
    assertEquals(
      toComparable(await ask(provider, [...chunks, empty])),
      toComparable(await ask(provider, [bytes])),
    );
  });
}
