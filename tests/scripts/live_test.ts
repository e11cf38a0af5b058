import { assertEquals } from "@std/assert";
import { createAiChats } from "@parley/chat";
import {
  createAiChatsUpstream,
  createFaultyUpstream,
  type FaultPlan,
} from "@parley/testing";
import { askSite, toTable } from "../../scripts/_live.ts";

/** Asks a server that something befalls. */
async function ask(plan: FaultPlan): Promise<readonly [string, string]> {
  const upstream = createAiChatsUpstream({ answer: () => "Aare |\nRhine" });
  await using server = await createFaultyUpstream(upstream, plan).serve();
  const { outcome, reason } = await askSite(
    createAiChats({ baseUrl: server.url }),
  );
  return [outcome, reason];
}

Deno.test("askSite() says what became of a question", async () => {
  const page = { "content-type": "text/html" };
  assertEquals(await ask({}), ["answered", "Aare Rhine"]);
  const expected: readonly (readonly [FaultPlan, string])[] = [
    [{ faults: [{ type: "respond", status: 403 }] }, "refused"],
    [{ faults: [{ type: "respond", status: 429 }] }, "refused"],
    [{ faults: [{ type: "respond", status: 503 }] }, "refused"],
    [{ faults: [{ type: "respond", status: 404 }] }, "gone"],
    [{ faults: [{ type: "refuse" }] }, "gone"],
    [{ faults: [{ type: "respond", status: 200, headers: page }] }, "changed"],
    [{ faults: [{ type: "reset", after: { bytes: 9 } }] }, "changed"],
  ];
  for (const [plan, outcome] of expected) {
    assertEquals((await ask(plan))[0], outcome, JSON.stringify(plan));
  }
});

Deno.test("toTable() dates what became of each site", () => {
  const table = toTable([
    { id: "A", site: "a.example", outcome: "gone", reason: "no route" },
  ], new Date("2030-01-02T03:04:05Z"));
  assertEquals(table.split("\n")[0], "Asked on 2030-01-02:");
  assertEquals(table.includes("| `A` | a.example | gone | no route |"), true);
});
