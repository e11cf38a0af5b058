import { pickRandom, type Random } from "../_random.ts";
import { randomFields } from "./_plans.ts";
import type { ServerPlan } from "./_world.ts";

/** Makes a server. */
export function randomServer(random: Random): ServerPlan {
  const kind = pickRandom(random, [
    ...Array<"openai">(15).fill("openai"),
    ...Array<"ai-chats">(3).fill("ai-chats"),
    ...Array<"chat-ui">(2).fill("chat-ui"),
  ]);
  const pace = pickRandom(random, [0, 0, 3, 70, 900, 15_000]);
  return {
    kind,
    delay: pickRandom(random, [0, 5, 300, 1_500, 9_000, 25_000]),
    pace,
    ...randomFields<ServerPlan>(random, {
      // Words that wait for others may come too late where each takes long.
      piece: [pace < 1_000 ? 0.3 : 0, 3],
      chunking: [
        0.25,
        { size: 7 },
        { size: 31 },
        { size: pace < 100 ? 4_000 : 150 },
      ],
      lines: [kind === "chat-ui" ? 0 : 0.4, "crlf", "noisy", "unended"],
    }),
    ...randomHabits(random, kind),
    maxRetries: pickRandom(random, [0, 1, 2, 2, 6]),
  };
}

/** What servers of one kind do in several ways. */
export function randomHabits(
  random: Random,
  kind: ServerPlan["kind"],
): Partial<ServerPlan> {
  if (kind === "ai-chats") return {};
  return kind === "chat-ui"
    ? randomFields<ServerPlan>(random, {
      isNewest: [0.6, true],
      finalText: [0.6, "longer", "other", "none"],
      thinks: [0.3, true, "in tags"],
    })
    : randomFields<ServerPlan>(random, {
      prefill: [0.4, true],
      usage: [0.3, "always", "in turns", "in turns"],
      splits: [0.25, true],
      moved: [0.05, true],
      thinks: [0.2, true, "in tags"],
      most: [0.1, 1, 2, 3, 4, 5, 6],
      stopsForCalls: [0.3, true],
      draws: [0.3, "links"],
    });
}
