import { assertEquals } from "@std/assert";
import { createAiChats } from "@parley/chat";
import {
  createAiChatsUpstream,
  createFaultyUpstream,
  type FaultPlan,
} from "@parley/testing";
import { probeSite, toTable } from "../../scripts/_live.ts";

/** Asks a server that something befalls. */
async function ask(plan: FaultPlan): Promise<string> {
  const upstream = createAiChatsUpstream({ answer: () => "Aare |\nRhine" });
  await using server = await createFaultyUpstream(upstream, plan).serve();
  const { verdict } = await probeSite(
    createAiChats({ baseUrl: server.url }),
  );
  return verdict;
}

Deno.test("probeSite() says how a site is", async () => {
  const page = { "content-type": "text/html" };
  assertEquals(await ask({}), "ok");
  const expected: readonly (readonly [FaultPlan, string])[] = [
    [{ faults: [{ type: "respond", status: 403 }] }, "key-refused"],
    [{ faults: [{ type: "respond", status: 429 }] }, "rate-limited"],
    [{ faults: [{ type: "respond", status: 503 }] }, "failing"],
    [{ faults: [{ type: "respond", status: 404 }] }, "gone"],
    [{ faults: [{ type: "refuse" }] }, "gone"],
    [{ faults: [{ type: "respond", status: 200, headers: page }] }, "changed"],
    [{ faults: [{ type: "reset", after: { bytes: 9 } }] }, "changed"],
  ];
  for (const [plan, verdict] of expected) {
    assertEquals(await ask(plan), verdict, JSON.stringify(plan));
  }
});

Deno.test("toTable() dates how each site is", () => {
  const table = toTable([
    { id: "A", site: "a.example", verdict: "gone", reason: "no route" },
  ], new Date("2030-01-02T03:04:05Z"));
  assertEquals(table.split("\n")[0], "Asked on 2030-01-02:");
  assertEquals(table.includes("| `A` | a.example | gone | no route |"), true);
});
