import type { Fixture } from "./fixture.ts";
import { until } from "./waiting.ts";

/** Checks that a run has left no timer, and no body that is open. */
export async function checkReleased(
  { bodies, counted }: Pick<Fixture, "bodies" | "counted">,
): Promise<void> {
  await until(
    () => bodies.every(({ state }) => state !== "open"),
    "the body of its answer is cancelled",
  );
  await until(() => counted.timers === 0, "no timer of its own is left");
}
