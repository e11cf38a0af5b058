import type { Difference } from "./run_cases.ts";

/** What of the contract cannot be true in a browser. */
export const DIFFERENCES: readonly Difference[] = [
  {
    cases:
      /^A kept conversation takes cookies of 4 KiB|^A conversation that was passed does not change/,
    why: "a page cannot read the cookies of a response",
  },
  {
    // Over HTTP a page does have an origin, and that is tested, too.
    cases:
      /^(?!AmigoChat|OpenAiCompatible).* (?:rejects after an abort, whatever is ready|gives all that belongs to the end, or rejects|has let go of everything when finish is seen)$/,
    why: "a page cannot set Origin and Cookie, which the server wants",
  },
  {
    cases: /^CohereForAI_C4AI_Command shows no cookie in what it prints\b/,
    why: "the console of a browser shows every field of an object",
  },
];
