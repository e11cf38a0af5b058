// The same situations over sockets, whose connections really break, and an
// outage that ends.
import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "@parley/testing";
import { createWall, type Wall } from "../../../tests/failover/_wall.ts";
import { toWallAnswer } from "../../../tests/failover/_wall_answer.ts";
import { createWallProvider } from "../../../tests/failover/_wall_failover.ts";
import { settle } from "../../../tests/fuzz/_settle.ts";
import {
  ask,
  type Chunk,
  joinChunks,
  open,
  readChunks,
  readError,
} from "./_gateway.ts";
import { Service } from "./_load.ts";

/** What befalls the first route, who is the other, and how often each is asked. */
const SITUATIONS = [
  ["limited-once", "whole", 2, 0],
  ["limited", "whole", 3, 1],
  ["failing-once", "whole", 2, 0],
  ["down", "whole", 3, 1],
  ["reset-once", "whole", 2, 0],
  ["silent", "whole", 1, 1],
  ["slow", "whole", 1, 1],
  ["cut", "whole", 1, 1],
  ["broken", "whole", 1, 1],
  ["stalling", "whole", 1, 1],
  ["malformed", "whole", 1, 0],
  ["unmarked", "whole", 1, 0],
  ["unmarked-open", "whole", 1, 0],
  ["short", "whole", 1, 1],
  ["cut", "no-prefill", 1, 1],
] as const;

/** Puts a gateway before a wall that waits less for what never comes. */
function serveRoutes(baseUrl: string, models: readonly string[]): Service {
  const [first = ""] = models;
  const isMute = first === "silent" || first === "slow";
  return new Service({
    routes: {
      chat: models.map((model) => ({
        provider: createWallProvider(model, { baseUrl }),
        timeouts: model === "stalling" ? { idle: 500 } : {},
      })),
    },
    failover: { hedgeAfter: isMute ? 200 : null },
  });
}

function toModel(chunks: readonly Chunk[]): string | undefined {
  return chunks.at(-1)?.model.split("/")[1];
}

async function meet(
  [model, fallback]: typeof SITUATIONS[number],
): Promise<readonly unknown[]> {
  const wall = createWall({ voice: "one" });
  await using server = await wall.serve();
  await using service = serveRoutes(server.url, [model, fallback]);
  const chunks = await readChunks(await service.ask("chat"));
  assertEquals(joinChunks(chunks), toWallAnswer("one"), model);
  const asked = [model, fallback].map((each) => wall.toTimes(each).length);
  assertEquals(toModel(chunks), asked[1] === 0 ? model : fallback);
  // The gateway is as well as before.
  const again = await readChunks(await service.ask("chat"));
  assertEquals(joinChunks(again), toWallAnswer("one"), model);
  return [model, fallback, ...asked];
}

Deno.test("a client over sockets streams one whole answer, whatever befalls a first route", async () => {
  // At once, for some of them wait.
  assertEquals(
    await Promise.all(SITUATIONS.map(meet)),
    SITUATIONS.map((each) => [...each]),
  );
});

Deno.test("a client over sockets is told of content that is refused", async () => {
  const wall = createWall();
  await using server = await wall.serve();
  await using service = serveRoutes(server.url, ["strict", "whole"]);
  const response = await service.ask("chat");
  assertEquals(response.status, 400);
  assertEquals((await readError(response)).code, "content_policy_violation");
  assertEquals(wall.requests.map(({ model }) => model), ["strict"]);
});

/** When a model was asked while it was down, and afterwards. */
function split(wall: Wall, outage: number): readonly number[][] {
  const times = wall.toTimes("flapping");
  return [
    times.filter((time) => time < outage),
    times.filter((time) => time >= outage),
  ];
}

Deno.test("a client of the gateway does not notice an outage, which is not asked again and again", async () => {
  const outage = 60_000;
  const clock = new FakeClock();
  const wall = createWall({ clock, outage, voice: "one" });
  const { fetch } = wall;
  const start = clock.now();
  const gateway = open({
    routes: {
      chat: ["flapping", "whole"].map((model) =>
        createWallProvider(model, { fetch, clock, random: () => 0 })
      ),
    },
    failover: { clock },
    clock,
  });
  const answerers: (string | undefined)[] = [];
  for (let index = 0; index < 20; index++) {
    await clock.advance(Math.max(0, start + index * 4_000 - clock.now()));
    const chunks = await settle(
      clock,
      ask(gateway, { model: "chat", stream: true }).then(readChunks),
    );
    assertEquals(joinChunks(chunks), toWallAnswer("one"));
    answerers.push(toModel(chunks));
  }
  assertEquals(answerers.slice(0, 15), Array(15).fill("whole"));
  const [during = [], after = []] = split(wall, outage);
  assert(during.length <= 15, `${during.length} requests in the outage`);
  assert((after[0] ?? NaN) <= outage + 30_000);
  assertEquals(answerers.at(-1), "flapping");
});
