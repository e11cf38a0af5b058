import { assertEquals, assertMatch } from "@std/assert";
import { createAiChats } from "@parley/chat";
import { probeSite, toTable } from "../../scripts/_live.ts";

Deno.test("toTable() dates how each site is, in a row for each", async () => {
  const fetch = () =>
    Promise.resolve(new Response("Down |\nfor now", { status: 503 }));
  const site = await probeSite(createAiChats({ fetch }));
  const table = toTable([site], new Date("2030-01-02T03:04:05Z"));
  const [date, , , , row = ""] = table.split("\n");
  assertEquals(date, "Asked on 2030-01-02:");
  assertMatch(
    row,
    /^\| `AiChats` \| ai-chats\.org \| failing \| .*Down for now \|$/,
  );
});
