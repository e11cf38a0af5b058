// What befalls a first route, and what a client of the gateway gets: one that
// knows OpenAI's protocol, can only append, and has never heard of a failover.
import { assert, assertEquals } from "@std/assert";
import type { FailoverOptions } from "@parley/chat/failover";
import { FakeClock } from "@parley/testing";
import { createWall } from "../../../tests/failover/_wall.ts";
import {
  toWallAnswer,
  toWallUsage,
} from "../../../tests/failover/_wall_answer.ts";
import { createWallProvider } from "../../../tests/failover/_wall_failover.ts";
import { settle } from "../../../tests/fuzz/_settle.ts";
import {
  ask,
  joinChunks,
  open,
  readChunks,
  readError,
  readEvents,
} from "./_gateway.ts";

/** Who must answer, after how many requests and in how many milliseconds. */
interface Situation {
  readonly model: string;
  readonly fallback?: string;
  readonly answerer: string;
  /** How often each of the two is asked. */
  readonly asked: readonly number[];
  readonly within: number;
}

const SITUATIONS: readonly Situation[] = [
  {
    model: "limited-once",
    answerer: "limited-once",
    asked: [2, 0],
    within: 3_000,
  },
  { model: "limited", answerer: "whole", asked: [3, 1], within: 3_000 },
  {
    model: "failing-once",
    answerer: "failing-once",
    asked: [2, 0],
    within: 1_000,
  },
  { model: "down", answerer: "whole", asked: [3, 1], within: 3_000 },
  { model: "reset-once", answerer: "reset-once", asked: [2, 0], within: 1_000 },
  { model: "silent", answerer: "whole", asked: [1, 1], within: 15_000 },
  { model: "slow", answerer: "whole", asked: [1, 1], within: 15_000 },
  { model: "cut", answerer: "whole", asked: [1, 1], within: 1_000 },
  { model: "broken", answerer: "whole", asked: [1, 1], within: 1_000 },
  { model: "stalling", answerer: "whole", asked: [1, 1], within: 45_000 },
  { model: "malformed", answerer: "malformed", asked: [1, 0], within: 1_000 },
  { model: "unmarked", answerer: "unmarked", asked: [1, 0], within: 1_000 },
  {
    model: "unmarked-open",
    answerer: "unmarked-open",
    asked: [1, 0],
    within: 5_000,
  },
  { model: "short", answerer: "whole", asked: [1, 1], within: 1_000 },
  {
    model: "cut",
    fallback: "no-prefill",
    answerer: "no-prefill",
    asked: [1, 1],
    within: 1_000,
  },
];

/** Opens a gateway whose model "chat" stands for two models of a wall. */
function openWall(
  models: readonly string[],
  voice: string | undefined,
  failover: FailoverOptions = {},
) {
  const clock = new FakeClock();
  const wall = createWall({ clock, voice });
  const { fetch } = wall;
  const chat = models.map((model) =>
    createWallProvider(model, { fetch, clock, random: () => 0 })
  );
  const gateway = open({
    routes: { chat },
    failover: { clock, ...failover },
    clock,
  });
  return { wall, clock, gateway };
}

for (const situation of SITUATIONS) {
  const { model, fallback = "whole", answerer, asked, within } = situation;
  const name = `${model}, ${fallback}`;

  Deno.test(`a client of the gateway streams one whole answer (${name})`, async () => {
    const { wall, clock, gateway } = openWall([model, fallback], "one");
    const start = clock.now();
    const chunks = await settle(
      clock,
      ask(gateway, {
        model: "chat",
        stream: true,
        stream_options: { include_usage: true },
      }).then(readChunks),
    );
    assertEquals(joinChunks(chunks), toWallAnswer("one"));
    const last = chunks.at(-1);
    assertEquals(last?.model, `wall-${answerer}/${answerer}`);
    assertEquals(last?.usage, toWallUsage(answerer));
    assertEquals(
      chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []),
      ["stop"],
    );
    assert(clock.now() - start <= within);
    assertEquals(
      [model, fallback].map((each) => wall.toTimes(each).length),
      [...asked],
    );
  });

  Deno.test(`a client of the gateway collects one whole answer (${name})`, async () => {
    // Nobody has seen what is void: the other answer may be another one.
    const { clock, gateway } = openWall([model, fallback], undefined);
    const completion = await settle(
      clock,
      ask(gateway, { model: "chat" }).then((response) => response.json()),
    );
    assertEquals(
      completion.choices[0].message.content,
      toWallAnswer(answerer),
    );
    assertEquals(completion.model, `wall-${answerer}/${answerer}`);
    assertEquals(completion.usage, toWallUsage(answerer));
  });
}

Deno.test("a client of the gateway is told of content that is refused", async () => {
  const { wall, clock, gateway } = openWall(["strict", "whole"], "one");
  const response = await settle(
    clock,
    ask(gateway, { model: "chat", stream: true }),
  );
  assertEquals(response.status, 400);
  const { code } = await readError(response);
  assertEquals(code, "content_policy_violation");
  assertEquals(response.headers.get("x-should-retry"), "false");
  assertEquals(wall.toTimes("whole"), []);
});

Deno.test("a client of the gateway sees no half answer go on as another one", async () => {
  const { clock, gateway } = openWall(["cut", "whole"], undefined);
  const events = await settle(
    clock,
    ask(gateway, { model: "chat", stream: true }).then(readEvents),
  );
  const [type, data = ""] = events.at(-1) ?? [];
  assertEquals(type, "error");
  assertEquals(JSON.parse(data).error.code, "incomplete");
});

Deno.test("a client of the gateway sees one whole answer that was held back", async () => {
  const { clock, gateway } = openWall(["cut", "whole"], undefined, {
    onPartial: "hold",
  });
  const chunks = await settle(
    clock,
    ask(gateway, { model: "chat", stream: true }).then(readChunks),
  );
  assertEquals(joinChunks(chunks), toWallAnswer("whole"));
});
