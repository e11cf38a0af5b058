import { assertEquals } from "@std/assert";
import { fromHash, groupChats, toHash } from "../../page/source/chat_groups.ts";
import { searchModels } from "../../page/source/model_search.ts";
import { fitSize } from "../../page/source/scale_picture.ts";
import { createChat } from "../../page/source/turns.ts";

Deno.test("groupChats() sorts chats by their days", () => {
  const now = new Date(2026, 7, 20, 12).getTime();
  const hours = [0, 11, 13, 35, 37, 24 * 7 + 11, 24 * 7 + 13];
  const chats = hours.map((hour) => ({
    ...createChat(),
    updated: now - hour * 3_600_000,
  }));
  const groups = groupChats(chats, now);
  assertEquals(groups.map(({ label, chats }) => [label, chats.length]), [
    ["Today", 2],
    ["Yesterday", 2],
    ["Last 7 days", 2],
    ["Earlier", 1],
  ]);
});

Deno.test("fromHash() reads the address that toHash() makes", () => {
  assertEquals(fromHash(toHash("a1")), "a1");
  assertEquals(fromHash("#prompt"), "");
});

Deno.test("searchModels() finds models by parts of their names", () => {
  const models = ["openai/gpt-4o", "openai/dall-e", "meta/Llama-3"].map((
    id,
  ) => ({
    id,
    draws: id.includes("dall"),
    sees: false,
  }));
  const find = (query: string) =>
    searchModels(models, query).map(({ label, models }) =>
      `${label}: ${models.map(({ id }) => id)}`
    );
  assertEquals(find(""), [
    "Chat: openai/gpt-4o,meta/Llama-3",
    "Pictures: openai/dall-e",
  ]);
  assertEquals(find(" LLAMA  meta"), ["Chat: meta/Llama-3"]);
  assertEquals(find("gpt llama"), []);
});

Deno.test("fitSize() keeps the proportions of a picture", () => {
  assertEquals(fitSize({ width: 3_000, height: 1_500 }, 1_000), {
    width: 1_000,
    height: 500,
  });
  assertEquals(fitSize({ width: 30, height: 20 }, 1_000), {
    width: 30,
    height: 20,
  });
  assertEquals(fitSize({ width: 9_000, height: 1 }, 90), {
    width: 90,
    height: 1,
  });
});
