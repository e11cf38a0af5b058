import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import type { CaseDefinition } from "./target.ts";
import { createTrial, TEXT } from "./trial.ts";

/** An answer is whole, or it is an error. */
export const ONE_END_CASES: readonly CaseDefinition[] = [
  {
    name: "ends with one finish event, and its text is whole",
    async run(target) {
      const trial = await createTrial(target);
      const { text, error } = await readAll(trial.stream());
      checkEquals(error, undefined, "The error");
      checkEquals(text, TEXT, "The text");
    },
  },
  {
    name: "fails where the connection breaks after any byte",
    async run(target) {
      for (let bytes = 0;; bytes++) {
        const trial = await createTrial(target, {
          plan: { faults: [{ type: "reset", after: { bytes } }] },
          provider: { maxRetries: 0 },
        });
        const { text, error } = await readAll(trial.stream());
        if (error === undefined) {
          // The end marker, or the end of the body, has come before.
          checkEquals(text, TEXT, `The text after ${bytes} bytes`);
          return;
        }
        const where = `after ${bytes} bytes`;
        checkEquals(error.code, "incomplete", `The code ${where}`);
        checkEquals(error.partial?.text, text, `The partial ${where}`);
        check(TEXT.startsWith(text), `It says "${text}" ${where}`);
      }
    },
  },
];
