import { assertEquals } from "@std/assert";
import { createItemMemory } from "../../responses/item_memory.ts";

Deno.test("a memory of items forgets the oldest where there are too many", () => {
  const memory = createItemMemory();
  const text = "x".repeat(5 * 1024 * 1024);
  for (const id of ["1", "2", "3", "4"]) memory.add("key", { id, text });
  assertEquals(
    ["1", "2", "3", "4"].map((id) => memory.find("key", id)?.id),
    [undefined, "2", "3", "4"],
  );
  assertEquals(memory.find("other", "4"), undefined);
});

Deno.test("a memory of items counts one that is kept again once", () => {
  const memory = createItemMemory();
  const text = "x".repeat(5 * 1024 * 1024);
  for (const id of ["1", "2", "2", "2"]) memory.add("key", { id, text });
  assertEquals(memory.find("key", "1")?.id, "1");
});
