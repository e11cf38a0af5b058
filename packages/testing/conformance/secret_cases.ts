import type { ChatEvent } from "@parley/chat";
import { findPaths } from "./attempts.ts";
import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import { checkClean } from "./logs.ts";
import {
  injectFailure,
  KEY,
  PAYLOAD,
  SECRET_OPTIONS,
  SECRET_PROMPT,
  SECRET_RUN_OPTIONS,
  SECRETS,
  toEcho,
  toFailures,
} from "./secret_fixtures.ts";
import type { CaseDefinition } from "./target.ts";
import { createFixture, PROMPT, recordPaths } from "./fixture.ts";

/** What a run says of itself, beside the answer. */
function pickWarnings(events: readonly ChatEvent[]): readonly ChatEvent[] {
  return events.filter(({ type }) => type === "warning");
}

/** No secret is in anything that may be logged. */
export const SECRET_CASES: readonly CaseDefinition[] = [
  {
    name: "keeps its secrets, whatever fails [K01] [K03] [K04] [K05]",
    async run(target, { isThorough }) {
      const echo = await toEcho(target);
      const failures = toFailures(target, echo, isThorough);
      for (const path of await findPaths(target)) {
        for (const [name, failure] of Object.entries(failures)) {
          const fixture = await createFixture(target, {
            upstream: injectFailure(target.upstream({}), path, failure),
            provider: SECRET_OPTIONS,
          });
          const stream = fixture.stream(SECRET_RUN_OPTIONS, SECRET_PROMPT);
          const { error, events } = await readAll(stream);
          const all = [...SECRETS, PAYLOAD];
          checkClean(error, all, `the error after ${name}`);
          checkClean(error?.attempts, all, `the attempts after ${name}`);
          checkClean(error?.body, all, `the body after ${name}`);
          checkClean(pickWarnings(events), all, `the warnings after ${name}`);
          checkClean(stream, all, `the stream after ${name}`);
          checkClean(fixture.provider, SECRETS, `the provider after ${name}`);
          // What goes on after one event that is none may end well.
          const mayEnd = name === "an event that is none";
          check(error !== undefined || mayEnd, `It ignores ${name}`);
        }
      }
    },
  },
  {
    name: "keeps a secret that is repeated in part",
    async run(target) {
      const { paths: [first], answerPath } = await recordPaths(target);
      for (const path of [first, answerPath]) {
        for (const part of [KEY.slice(0, 16), KEY.slice(-12)]) {
          const { stream } = await createFixture(target, {
            plan: {
              path,
              faults: [{
                type: "respond",
                status: 401,
                body: `Incorrect API key provided: ${part}***, see your page`,
              }],
            },
            provider: SECRET_OPTIONS,
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
      const { paths: [path] } = await recordPaths(target);
      const { stream } = await createFixture(target, {
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
        "The message does not say what the server says",
      );
    },
  },
  {
    name: "shows no secret while all is well [K02]",
    async run(target) {
      const { provider, stream } = await createFixture(target, {
        provider: SECRET_OPTIONS,
      });
      checkClean(provider, SECRETS, "the provider");
      const reader = stream(SECRET_RUN_OPTIONS, SECRET_PROMPT);
      checkClean(reader, SECRETS, "a stream that was not read");
      await reader.next();
      checkClean(reader, SECRETS, "a stream that is read");
      await reader.return();
      checkClean(reader, SECRETS, "a stream that was left");
      const result = await stream(SECRET_RUN_OPTIONS, PROMPT).result();
      const { conversation: _, ...rest } = result;
      checkClean(rest, SECRETS, "the result");
    },
  },
  {
    name: "sends its key once, in its header",
    concerns: ({ readQuestion }) => readQuestion !== undefined,
    async run(target) {
      const { keyHeader = "authorization" } = target;
      const fixture = await createFixture(target, {
        provider: { apiKey: KEY },
      });
      await fixture.stream().result();
      for (const { headers, url, body } of fixture.answers) {
        const value = keyHeader === "authorization" ? `Bearer ${KEY}` : KEY;
        check(
          headers.get(keyHeader) === value,
          `The key is not in "${keyHeader}"`,
        );
        const all = `${[...headers].join("\n")}\n${url}\n${body}`;
        checkEquals(all.split(KEY).length - 1, 1, "How often the key is sent");
      }
      const without = await createFixture(target);
      await without.stream().result();
      check(
        without.answers.every(({ headers }) =>
          keyHeader === "authorization" || !headers.has(keyHeader)
        ),
        `It sends "${keyHeader}" without a key`,
      );
    },
  },
];
