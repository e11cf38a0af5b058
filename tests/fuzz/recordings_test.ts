import { assertEquals } from "@std/assert";
import { fuzz } from "./_cases.ts";
import { cutAnyhow } from "./_chunks.ts";
import { DEFAULT_COUNT } from "./_options.ts";
import {
  readChatUiRecordings,
  readScenarioRecordings,
  readVectorRecordings,
} from "./_recordings.ts";
import { type Recording, replay } from "./_replay.ts";

async function check(
  recordings: readonly Recording[],
  expected: Map<Recording, readonly unknown[]>,
  random: () => number,
): Promise<void> {
  for (const recording of recordings) {
    const whole = expected.get(recording) ??
      await replay(recording, (bytes) => [bytes]);
    expected.set(recording, whole);
    const cut = await replay(recording, (bytes) => cutAnyhow(bytes, random));
    assertEquals(cut, whole, recording.id);
  }
}

/** Registers a test that cuts each of some recordings so many times. */
function fuzzRecordings(
  name: string,
  recordings: readonly Recording[],
  times = 5,
): void {
  const expected = new Map<Recording, readonly unknown[]>();
  fuzz(
    `${name} the same however they are cut`,
    (random) => check(recordings, expected, random),
    { share: times / DEFAULT_COUNT },
  );
}

const SCENARIOS = {
  aiChats: "ai_chats",
  amigoChat: "amigo_chat",
  autonomousAi: "autonomous_ai",
  cohereC4aiCommand: "chat_ui",
} as const;

for (const [provider, file] of Object.entries(SCENARIOS)) {
  fuzzRecordings(
    `${provider} answers scenarios`,
    await readScenarioRecordings(file),
  );
}

fuzzRecordings(
  "cohereC4aiCommand answers recordings",
  await readChatUiRecordings(),
);

// They are many, and the splitters have tests of them already.
fuzzRecordings(
  "every provider answers vectors",
  await readVectorRecordings(),
  1,
);
