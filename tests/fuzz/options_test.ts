import { assertEquals, assertThrows } from "@std/assert";
import { parseFuzzOptions } from "./_options.ts";

Deno.test("parseFuzzOptions() reads the seed and the count", () => {
  assertEquals(parseFuzzOptions([]), { seed: 1, count: 1_000 });
  assertEquals(
    parseFuzzOptions(["--seed", "7", "--count=200000"]),
    { seed: 7, count: 200_000 },
  );
});

Deno.test("parseFuzzOptions() refuses what makes no sense", () => {
  for (const text of ["", "0", "-1", "1.5", "many", "1e99"]) {
    assertThrows(() => parseFuzzOptions([`--seed=${text}`]), TypeError);
  }
  assertThrows(() => parseFuzzOptions(["--seeds", "7"]), TypeError);
  assertThrows(() => parseFuzzOptions(["7"]), TypeError);
});
