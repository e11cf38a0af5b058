// The same situations over sockets, whose connections really break.
import { assert, assertEquals } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import { createWall } from "./_wall.ts";
import { toWallAnswer } from "./_wall_answer.ts";
import { createWallProvider } from "./_wall_failover.ts";

/** What befalls a first route, who answers then, and after how many requests. */
const CASES = [
  { model: "reset-once", answerer: "reset-once", requests: 2 },
  { model: "failing-once", answerer: "failing-once", requests: 2 },
  { model: "down", answerer: "whole", requests: 4 },
  { model: "cut", answerer: "whole", requests: 2 },
  { model: "broken", answerer: "whole", requests: 2 },
  { model: "malformed", answerer: "malformed", requests: 1 },
  { model: "unmarked", answerer: "unmarked", requests: 1 },
  { model: "unmarked-open", answerer: "unmarked-open", requests: 1 },
  { model: "short", answerer: "whole", requests: 2 },
] as const;

for (const { model, answerer, requests } of CASES) {
  Deno.test(`a failover over sockets gives a whole answer (${model})`, async () => {
    const wall = createWall();
    await using server = await wall.serve();
    const { url: baseUrl } = server;
    const failover = createFailover(
      [model, "whole"].map((name) => createWallProvider(name, { baseUrl })),
    );
    const result = await failover.generate("Hello");
    assertEquals(result.text, toWallAnswer(answerer));
    assertEquals(result.model, answerer);
    assertEquals(wall.requests.length, requests);
  });
}

Deno.test("a failover over sockets lets go of the route that is slower", async () => {
  const wall = createWall();
  await using server = await wall.serve();
  const { url: baseUrl } = server;
  const failover = createFailover(
    ["silent", "whole"].map((name) => createWallProvider(name, { baseUrl })),
    { hedgeAfter: 50 },
  );
  const { model } = await failover.generate("Hello");
  const end = performance.now();
  assertEquals(model, "whole");
  while (!wall.requests[0]?.isLeft && performance.now() - end < 2_000) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert(performance.now() - end < 200);
});
