import {
  type ChatOptions,
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  type Provider,
  type ProviderOptions,
} from "../../mod.ts";
import { decodeBase64 } from "../../core/streams/base64.ts";
import { createScriptedChatUi } from "../_chat_ui.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { createOpenAi } from "../_openai_compatible.ts";
import { pickRandom, randomInt } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import {
  randomChatUiAnswer,
  randomChunks,
  randomCompletion,
  randomErrorBody,
  randomPictures,
} from "./_random_upstream.ts";
import { readRandom } from "./_settle.ts";

const GIF = decodeBase64("R0lGODlhAQABAAAAACw=");

/** Slower than a splitter by itself: a run has clocks, attempts and promises. */
const FEWER = { share: 0.02 };

fuzz("cohereC4aiCommand takes any JSON for an answer", async (random) => {
  const clock = new FakeClock();
  const { provider } = createScriptedChatUi({
    answer: () => new Response(randomChatUiAnswer(random)),
  }, { clock, random });
  await readRandom(clock, provider.stream("Hello"));
}, FEWER);

/** Asks a provider whose server answers every POST with the same kind. */
async function ask(
  create: (options: ProviderOptions) => Provider,
  options: ChatOptions,
  mediaType: string,
  toBody: (random: () => number) => string,
  random: () => number,
): Promise<void> {
  const clock = new FakeClock();
  const provider = create({
    clock,
    random,
    fetch: (_url, init) => {
      if (init?.method !== "POST") return Promise.resolve(new Response(GIF));
      const isError = randomInt(random, 10) === 0;
      const status = pickRandom(random, [400, 401, 404, 429, 500]);
      const body = isError ? randomErrorBody(random) : toBody(random);
      return Promise.resolve(
        new Response(body, {
          status: isError ? status : 200,
          headers: { "content-type": mediaType },
        }),
      );
    },
  });
  await readRandom(clock, provider.stream("Hello", options));
}

const CREATORS = { createAmigoChat, createAutonomousAi, createOpenAi };

for (const [name, create] of Object.entries(CREATORS)) {
  fuzz(`${name}() takes any JSON for a chunk`, (random) => {
    return ask(create, {}, "text/event-stream", randomChunks, random);
  }, FEWER);

  fuzz(`${name}() takes any JSON for a whole answer`, (random) => {
    const options = { stream: false };
    return ask(create, options, "application/json", randomCompletion, random);
  }, FEWER);
}

fuzz("createAiChats() takes any JSON for text", (random) => {
  const mediaType = pickRandom(random, [
    "text/event-stream",
    "application/json",
  ]);
  return ask(createAiChats, {}, mediaType, randomChunks, random);
}, FEWER);

fuzz("createAiChats() takes any JSON for a picture", (random) => {
  const options = { model: "dalle" };
  const mediaType = "application/json";
  return ask(createAiChats, options, mediaType, randomPictures, random);
}, FEWER);

for (const create of [createAmigoChat, createOpenAi]) {
  fuzz(`${create.name}() takes any JSON for pictures`, (random) => {
    const options = { model: "dall-e-3" };
    const mediaType = "application/json";
    return ask(create, options, mediaType, randomPictures, random);
  }, FEWER);
}
