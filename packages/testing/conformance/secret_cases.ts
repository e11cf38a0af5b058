import type { ChatEvent } from "@parley/chat";
import { findPaths } from "./attempts.ts";
import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import { checkClean } from "./logs.ts";
import {
  KEY,
  PAYLOAD,
  plant,
  PLANTED_OPTIONS,
  PLANTED_RUN,
  SECRET_PROMPT,
  SECRETS,
  toEcho,
  toFailures,
} from "./planted.ts";
import type { CaseDefinition } from "./target.ts";
import { createTrial, learn, PROMPT } from "./trial.ts";

/** What a run tells of itself, beside the answer. */
function toNotes(events: readonly ChatEvent[]): readonly ChatEvent[] {
  return events.filter(({ type }) => type === "warning");
}

/** No secret is in anything that may be logged. */
export const SECRET_CASES: readonly CaseDefinition[] = [
  {
    name: "keeps its secrets, whatever fails",
    async run(target) {
      const echo = await toEcho(target);
      for (const path of await findPaths(target)) {
        for (
          const [name, failure] of Object.entries(toFailures(target, echo))
        ) {
          const trial = await createTrial(target, {
            upstream: plant(target.upstream({}), path, failure),
            provider: PLANTED_OPTIONS,
          });
          const stream = trial.stream(PLANTED_RUN, SECRET_PROMPT);
          const { error, events } = await readAll(stream);
          const all = [...SECRETS, PAYLOAD];
          checkClean(error, all, `the error after ${name}`);
          checkClean(error?.attempts, all, `the attempts after ${name}`);
          checkClean(error?.body, all, `the body after ${name}`);
          checkClean(toNotes(events), all, `the warnings after ${name}`);
          checkClean(stream, all, `the stream after ${name}`);
          checkClean(trial.provider, SECRETS, `the provider after ${name}`);
          // What goes on after one event that is none may end well.
          const mayEnd = name === "an event that is none";
          check(error !== undefined || mayEnd, `It does not heed ${name}`);
        }
      }
    },
  },
  {
    name: "keeps a secret that is repeated in part",
    async run(target) {
      const { paths: [first], answerPath } = await learn(target);
      for (const path of [first, answerPath]) {
        for (const part of [KEY.slice(0, 16), KEY.slice(-12)]) {
          const { stream } = await createTrial(target, {
            plan: {
              path,
              faults: [{
                type: "respond",
                status: 401,
                body: `Incorrect API key provided: ${part}***, see your page`,
              }],
            },
            provider: PLANTED_OPTIONS,
          });
          const { error } = await readAll(stream());
          checkEquals(error?.code, "authentication", "The code");
          checkClean(error, [part], "the error");
        }
      }
    },
  },
  {
    name: "keeps the words of a server that tells no secret",
    async run(target) {
      const { paths: [path] } = await learn(target);
      const { stream } = await createTrial(target, {
        plan: {
          path,
          faults: [{
            type: "respond",
            status: 400,
            headers: { "content-type": "application/json" },
            body: '{"error":{"message":"The lake is frozen"}}',
          }],
        },
      });
      const { error } = await readAll(stream());
      checkEquals(error?.body, "The lake is frozen", "What the server says");
      check(
        error?.message.includes("The lake is frozen") ?? false,
        "The message does not tell what the server says",
      );
    },
  },
  {
    name: "shows no secret while all is well",
    async run(target) {
      const { provider, stream } = await createTrial(target, {
        provider: PLANTED_OPTIONS,
      });
      checkClean(provider, SECRETS, "the provider");
      const reader = stream(PLANTED_RUN, SECRET_PROMPT);
      checkClean(reader, SECRETS, "a stream that was not read");
      await reader.next();
      checkClean(reader, SECRETS, "a stream that is read");
      await reader.return();
      checkClean(reader, SECRETS, "a stream that was left");
      const result = await stream(PLANTED_RUN, PROMPT).result();
      const { conversation: _, ...rest } = result;
      checkClean(rest, SECRETS, "the result");
    },
  },
];
