import { assertEquals } from "@std/assert";

/** Compares plain JSON, fast where it is the same. */
export function assertSame(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  assertEquals(actual, expected);
}
