import { assertEquals } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
} from "../../mod.ts";
import { createOpenAi } from "../_openai_compatible.ts";
import { pickRandom } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import { cutAnyhow } from "./_chunks.ts";
import { toDamagedBytes } from "./_random_bytes.ts";
import { randomSse } from "./_random_sse.ts";
import { randomChatUiAnswer, randomChunks } from "./_random_upstream.ts";
import { HELLO, toChatUiRecording, toReply } from "./_recordings.ts";
import { type Recording, replay } from "./_replay.ts";

/** Plays the same answer in one chunk and in many. */
async function check(
  recording: Recording,
  random: () => number,
): Promise<void> {
  const whole = await replay(recording, (bytes) => [bytes]);
  const cut = await replay(recording, (bytes) => cutAnyhow(bytes, random));
  assertEquals(cut, whole);
}

const FEWER = { share: 0.01 };

fuzz(
  "cohereC4aiCommand answers any lines the same however they are cut",
  async (random) => {
    const body = toDamagedBytes([randomChatUiAnswer(random)], random);
    await check(toChatUiRecording("random", "answer", toReply(body)), random);
  },
  FEWER,
);

const CREATORS = {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createOpenAi,
};

for (const [name, create] of Object.entries(CREATORS)) {
  fuzz(
    `${name}() answers any events the same however they are cut`,
    async (random) => {
      const toBody = pickRandom(random, [
        () => toDamagedBytes([randomChunks(random)], random),
        () => randomSse(random),
      ]);
      const reply = toReply(toBody(), "text/event-stream");
      const start = () => () => reply;
      await check({ id: "random", create, calls: HELLO, start }, random);
    },
    FEWER,
  );
}
