import type { Difference } from "./run_cases.ts";

/** What cannot be true in a page. */
export const DIFFERENCES: readonly Difference[] = [
  {
    // Over HTTP a page does have an origin, and that is tested, too.
    cases: /^(?:AiChats|AutonomousAI|CohereForAI_C4AI_Command)\b/,
    why: "a page cannot set Origin and Cookie, which the server wants",
  },
];
