import { assert, assertEquals } from "@std/assert";
import { extractTimestamp, validate } from "@std/uuid/v7";
import { createUuid } from "../../http/create_uuid.ts";

Deno.test("createUuid() makes UUIDs of version 7, of which none is like another", () => {
  const times = [0, 1, 1_796_000_000_123, 2 ** 48 - 1];
  for (const time of times) {
    const id = createUuid(time);
    assert(validate(id), id);
    assertEquals(extractTimestamp(id), time);
  }
  const ids = Array.from({ length: 1_000 }, () => createUuid());
  assertEquals(new Set(ids).size, ids.length);
});
