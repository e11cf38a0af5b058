import { createOpenAiCompatible } from "../../../providers/openai_compatible.ts";
import { createAutonomousAi } from "../../../providers/autonomous_ai.ts";
import { createAmigoChat } from "../../../providers/amigo_chat.ts";
import {
  type AnswerCase,
  assertAnswer,
  type CreateProvider,
  type Cut,
  readFixture,
} from "./_answers.ts";

const PROVIDERS: Readonly<Record<string, CreateProvider>> = {
  OpenAiCompatible: (options) =>
    createOpenAiCompatible({
      baseUrl: "https://models.example/v1",
      defaultModel: "small",
      ...options,
    }),
  AutonomousAI: createAutonomousAi,
  AmigoChat: createAmigoChat,
};

function* cutBytes(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.slice(start, start + size);
  }
}

const CUTS: Readonly<Record<string, Cut>> = {
  "as it came": (bytes) => [bytes],
  "by 1": (bytes) => cutBytes(bytes, 1),
  "by 7": (bytes) => cutBytes(bytes, 7),
};

for (const file of ["answers", "reported_answers"]) {
  for (const given of await readFixture<AnswerCase[]>(file)) {
    Deno.test(`OpenAI's form: ${given.id}: ${given.what}`, async (t) => {
      for (const [name, create] of Object.entries(PROVIDERS)) {
        if (given.provider && given.provider !== name) continue;
        for (const [how, cut] of Object.entries(CUTS)) {
          await t.step(
            `${name}, ${how}`,
            () => assertAnswer(given, create, cut),
          );
        }
      }
    });
  }
}
