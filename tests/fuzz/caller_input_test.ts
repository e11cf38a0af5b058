import { assertEquals } from "@std/assert";
import {
  type Provider,
  ProviderError,
  type ProviderOptions,
} from "../../mod.ts";
import { type ConformanceTarget, createFaultyUpstream } from "@parley/testing";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { COLLECTED_TARGETS, TARGETS } from "../_providers.ts";
import { randomInt } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import {
  randomChatOptions,
  randomInput,
  randomProviderOptions,
} from "./_random_caller.ts";
import { randomJson, randomKey, randomText } from "./_random_json.ts";
import { assertDocumented, readRandom } from "./_settle.ts";

/** Codes of errors that are known before any request. */
const EARLY = ["invalid-request", "unknown-model", "unsupported"];

const INJECTED = ["fetch", "clock", "random", "randomUuid"];

/** Makes a provider, or nothing where the options are refused. */
function createOrRefuse(
  { create }: ConformanceTarget,
  options: ProviderOptions,
): Provider | undefined {
  try {
    return create(options);
  } catch (error) {
    assertDocumented(error);
    assertEquals(error.code, "invalid-request");
    JSON.stringify(error);
    return undefined;
  }
}

/** Those that draw, asked for pictures. */
const DRAWING_TARGETS = TARGETS.flatMap((target) =>
  target.pictures === undefined ? [] : [{
    ...target,
    name: `${target.name}, picture`,
    options: target.pictures.options,
  }]
);

for (
  const answer of [...TARGETS, ...COLLECTED_TARGETS, ...DRAWING_TARGETS]
) {
  fuzz(
    `${answer.name} answers or refuses any input and options`,
    async (random) => {
      const network = createFaultyUpstream(answer.upstream({}), {});
      const clock = new FakeClock();
      const options = randomProviderOptions(random);
      // What is no object has no place for a network of the test.
      if (options?.constructor !== Object) {
        createOrRefuse(answer, options);
        return;
      }
      const provider = createOrRefuse(answer, {
        ...options,
        clock,
        random,
        fetch: network.fetch,
      });
      if (provider === undefined) return;
      const chatOptions = randomChatOptions(random);
      const stream = provider.stream(
        randomInput(random),
        chatOptions?.constructor === Object
          ? { ...answer.options, ...chatOptions }
          : chatOptions,
      );
      const { error } = await readRandom(clock, stream);
      if (error === undefined || !EARLY.includes(error.code)) return;
      // The server has refused it, too.
      if (error.status !== undefined) return;
      assertEquals(network.requests, []);
    },
    { share: 0.04 },
  );

  fuzz(`${answer.name} refuses to work with what it cannot call`, (random) => {
    const name = INJECTED[randomInt(random, INJECTED.length)] ?? "";
    const options = { [name]: randomJson(random) };
    assertEquals(createOrRefuse(answer, options), undefined);
  }, { share: 0.01 });

  const provider = answer.create({});
  fuzz(`${answer.name} knows or refuses any model`, (random) => {
    const name = randomInt(random, 2) === 0
      ? randomText(random)
      : randomKey(random);
    try {
      assertEquals(provider.models.includes(provider.getModel(name)), true);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      assertEquals(error.code, "unknown-model");
    }
  }, { share: 0.01 });
}
