import { assert, assertEquals, assertFalse } from "@std/assert";
import { createRetryBudget } from "../../../core/http/retry_budget.ts";

/** Takes all that is left. */
function empty(budget: ReturnType<typeof createRetryBudget>): number {
  let count = 0;
  while (budget.take()) count++;
  return count;
}

Deno.test("RetryBudget is used up by failures and given back by answers", () => {
  const budget = createRetryBudget();
  assertEquals(empty(budget), 60);
  // An answer gives back what it took, and a part of one more.
  budget.giveBack(2);
  assertEquals(empty(budget), 2);
  for (let answer = 0; answer < 4; answer++) budget.giveBack(0);
  assert(budget.take());
  assertFalse(budget.take());
});

Deno.test("RetryBudget grows over no limit", () => {
  const budget = createRetryBudget();
  for (let answer = 0; answer < 1_000; answer++) budget.giveBack(3);
  assertEquals(empty(budget), 60);
});
