import type { ConformanceTarget } from "@parley/testing";
import type { Mutation } from "./_mutate.ts";

/** A mutation that the conformance suite has to catch. */
export interface Mutant extends Mutation {
  /** What the library then does. */
  readonly what: string;
  /** The name of the case that has to fail. */
  readonly caughtBy: string;
  /**
   * The provider that shows it.
   *
   * @default {AmigoChat}
   */
  readonly target?: ConformanceTarget;
}
