import type { Difference } from "./run_cases.ts";

/** What cannot be true in a page. */
export const DIFFERENCES: readonly Difference[] = [
  {
    // Over HTTP a page does have an origin, and that is tested, too.
    cases: /^(?:AiChats|AutonomousAI|CohereForAI_C4AI_Command)\b/,
    why: "a page cannot set Origin and Cookie, which the server wants",
  },
  {
    cases:
      / (?:is whole from its end marker|fails where (?:the server sends an error|the connection breaks after any byte|the body ends before its end marker)|invents no text where the body ends too early|takes nothing that comes after|waits 5 s for the body|waits for each token anew|counts every attempt|reports the attempts)/,
    why:
      "a page reads bodies in another process, in time that does not stand still",
  },
];
