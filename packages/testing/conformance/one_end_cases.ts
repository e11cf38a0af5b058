import { check, checkEquals } from "./check.ts";
import { type Ending, joinText, readAll } from "./ending.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import {
  createFixture,
  type Fixture,
  PROMPT,
  TEXT,
  TOKENS,
} from "./fixture.ts";

/** What the text of an answer is at its end. */
function toFinalText({ events, text }: Ending): string {
  const finish = events.at(-1);
  return finish?.type === "finish" ? finish.text ?? text : text;
}

/** Reads an answer of which the server gives something else. */
async function readAnswer(
  target: ConformanceTarget,
  tokens: readonly string[],
): Promise<Ending> {
  const fixture = await createFixture(target, {
    answer: () => tokens,
    provider: { maxRetries: 0 },
  });
  return await readAll(fixture.stream());
}

/** Whether a text is the answer, or the answer without some of its tokens. */
function isOfTokens(text: string): boolean {
  const rest = TOKENS.reduce(
    (rest, token) => rest.startsWith(token) ? rest.slice(token.length) : rest,
    text,
  );
  return rest === "";
}

/** The whole body of an answer. */
async function fetchBody(target: ConformanceTarget): Promise<string> {
  const fixture: Fixture = await createFixture(target);
  await readAll(fixture.stream());
  return fixture.bodies.at(-1)?.text ?? "";
}

/** An answer has one end, and its text is that of the server. */
export const ONE_END_CASES: readonly CaseDefinition[] = [
  {
    name: "ends with one finish event, and its text is whole",
    async run(target) {
      const fixture = await createFixture(target);
      const stream = fixture.stream();
      const ending = await readAll(stream);
      checkEquals(ending.error, undefined, "The error");
      checkEquals(ending.text, TEXT, "The text");
      checkEquals(toFinalText(ending), TEXT, "The final text");
      checkEquals(stream.partial.text, TEXT, "The partial");
      const finish = ending.events.at(-1);
      check(
        finish?.type === "finish" && finish.text === undefined,
        "Its finish event has a text, though it is the one that was streamed",
      );
      checkEquals(finish.reason, "stop", "The reason");
      checkEquals(fixture.answers.length, 1, "The number of requests");
    },
  },
  {
    name: "collects what it streams, and says who answered",
    async run(target) {
      const fixture = await createFixture(target);
      const { provider } = fixture;
      const { events } = await readAll(fixture.stream());
      const result = await provider.generate(PROMPT, target.options);
      const count = (type: string) =>
        events.filter((event) => event.type === type).length;
      checkEquals(result.text, TEXT, "The text");
      checkEquals(result.provider, provider.id, "The provider");
      checkEquals(
        result.model,
        provider.getModel(target.options?.model),
        "The model",
      );
      checkEquals(result.finishReason, "stop", "The finish reason");
      checkEquals(result.attempts.length, 1, "The number of attempts");
      checkEquals(result.attempts[0]?.code, undefined, "The attempt's code");
      checkEquals(
        [result.title, result.usage, result.conversation].map((fact) =>
          fact === undefined ? 0 : 1
        ),
        ["title", "usage", "conversation"].map(count),
        "Whether it has a title, usage, conversation",
      );
      checkEquals(result.warnings.length, count("warning"), "The warnings");
    },
  },
  {
    name: "leaves out a token that is empty",
    async run(target) {
      const ending = await readAnswer(target, ["", "Grüße", "", " x", ""]);
      checkEquals(ending.error, undefined, "The error");
      checkEquals(ending.text, "Grüße x", "The text");
      check(
        !ending.events.some((event) =>
          event.type === "text" && event.text === ""
        ),
        "A text event is empty",
      );
    },
  },
  {
    name: "ends an answer without tokens once",
    async run(target) {
      const ending = await readAnswer(target, []);
      checkEquals(ending.text, "", "The text");
      if (ending.error === undefined) return;
      check(
        ["upstream", "bad-response", "incomplete"].includes(ending.error.code),
        `The code is ${ending.error.code}`,
      );
    },
  },
  {
    name: "never gives half a surrogate pair",
    async run(target) {
      const ending = await readAnswer(target, ["a\ud83d", "\ude00b"]);
      checkEquals(ending.error, undefined, "The error");
      // Where the protocol is raw text, the server has lost it already.
      const expected = ending.text === "a\ufffd\ufffdb"
        ? "a\ufffd\ufffdb"
        : "a\u{1f600}b";
      checkEquals(toFinalText(ending), expected, "The text");
      for (const event of ending.events) {
        check(
          event.type !== "text" || event.text.isWellFormed(),
          "A text event has half a surrogate pair",
        );
      }
    },
  },
  {
    name: "takes nothing that comes after the end for text",
    concerns: ({ endMarker }) => endMarker !== undefined,
    async run(target) {
      const text = await fetchBody(target);
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "insert", text: `\n\n${text}` }] },
      });
      const ending = await fixture.clock.skipWaits(readAll(fixture.stream()));
      checkEquals(ending.error, undefined, "The error");
      checkEquals(ending.text, TEXT, "The text");
      checkEquals(toFinalText(ending), TEXT, "The final text");
    },
  },
  {
    name: "takes garbage between two events for no text",
    // Where text comes as it is, garbage is text.
    concerns: ({ opening }) => opening !== undefined,
    async run(target) {
      for (let seed = 0; seed < 16; seed++) {
        const after = { events: seed % 8 };
        const fixture = await createFixture(target, {
          plan: { faults: [{ type: "garbage", after, bytes: 40, seed }] },
          provider: { maxRetries: 0 },
        });
        const ending = await fixture.clock.skipWaits(readAll(fixture.stream()));
        const said = [ending.text, toFinalText(ending)];
        check(
          said.every(isOfTokens),
          `It says ${JSON.stringify(said)} with garbage of seed ${seed}`,
        );
      }
    },
  },
  {
    name: "repeats no text where it is sent anew",
    async run(target) {
      for (let events = 0;; events++) {
        const fixture = await createFixture(target, {
          plan: { faults: [{ type: "reset", after: { events } }], times: 1 },
        });
        const { clock } = fixture;
        const { text, error } = await clock.skipWaits(
          readAll(fixture.stream()),
        );
        check(TEXT.startsWith(text), `It says "${text}"`);
        if (error === undefined) checkEquals(text, TEXT, "The text");
        const state = fixture.bodies[0]?.state;
        if (state !== "broken") return;
      }
    },
  },
  {
    name: "says the same in two runs at once",
    async run(target) {
      const fixture = await createFixture(target);
      const endings = await Promise.all(
        [fixture.stream(), fixture.stream()].map((stream) => readAll(stream)),
      );
      for (const { error, events } of endings) {
        checkEquals(error, undefined, "The error");
        checkEquals(joinText(events), TEXT, "The text");
      }
    },
  },
  {
    name: "tells the usage that its server tells",
    concerns: ({ reportsUsage = false }) => reportsUsage,
    async run(target) {
      const { stream } = await createFixture(target);
      const { usage } = await stream().result();
      check(usage !== undefined, "Its answer has no usage");
      const { inputTokens = 0, outputTokens = 0, totalTokens = 0 } = usage;
      check(
        Math.max(inputTokens, outputTokens, totalTokens) > 0,
        "Its usage counts nothing",
      );
    },
  },
  {
    name: "tells that an answer is as long as it may be",
    concerns: ({ reportsLength = false }) => reportsLength,
    async run(target) {
      const fixture = await createFixture(target, {
        upstream: target.upstream({ finishReason: "length" }),
      });
      const { finishReason } = await fixture.stream().result();
      checkEquals(finishReason, "length", "The finish reason");
    },
  },
];
