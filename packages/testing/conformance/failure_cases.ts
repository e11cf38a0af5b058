import { check, checkEquals } from "./check.ts";
import { readAll } from "./ending.ts";
import type { HeadFault } from "../faults/fault.ts";
import type { CaseDefinition } from "./target.ts";
import { createFixture, TEXT } from "./fixture.ts";

/** Responses with a good status that are no answer, and what they are called. */
const NO_ANSWERS: readonly {
  readonly what: string;
  /** The faults of the catalogue that it is. */
  readonly ids?: string;
  readonly fault: Omit<HeadFault & { type: "respond" }, "type">;
  readonly codes: readonly string[];
}[] = [
  {
    what: "an empty body",
    ids: " [T11] [S21]",
    fault: { status: 200 },
    codes: ["bad-response", "incomplete"],
  },
  {
    what: "an empty event stream",
    fault: { status: 200, headers: { "content-type": "text/event-stream" } },
    codes: ["bad-response", "incomplete"],
  },
  {
    what: "status 204",
    ids: " [S21]",
    fault: { status: 204 },
    codes: ["bad-response"],
  },
  {
    what: "a page",
    ids: " [S15]",
    fault: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<!doctype html>\n<title>Wait</title>\n\ndata: Wait\n\n",
    },
    codes: ["bad-response"],
  },
  {
    what: "an error as JSON",
    ids: " [S16]",
    fault: {
      status: 200,
      headers: { "content-type": "application/json" },
      body: '{"error":{"message":"overload"}}\n',
    },
    // To a protocol that has no such error it is an answer without its end.
    codes: ["bad-response", "upstream", "incomplete"],
  },
];

/** What a server says of its failures reaches the caller. */
export const FAILURE_CASES: readonly CaseDefinition[] = [
  ...NO_ANSWERS.map(({ what, ids = "", fault, codes }): CaseDefinition => ({
    name: `takes ${what} for no answer${ids}`,
    async run(target) {
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "respond", ...fault }] },
        provider: { maxRetries: 0 },
      });
      const { error, events } = await readAll(fixture.stream());
      check(error !== undefined, "It succeeds");
      check(codes.includes(error.code), `The code is ${error.code}`);
      checkEquals(events, [], "The events");
      checkEquals(error.provider, fixture.provider.id, "The provider");
      checkEquals(
        fixture.bodies.some(({ state }) => state === "open"),
        false,
        "Whether a body is open",
      );
    },
  })),
  {
    name: "reads an answer of any media type but a page's [S17]",
    concerns: ({ isStreamed }) => isStreamed !== false,
    async run(target) {
      for (const type of ["text/plain", "application/octet-stream", ""]) {
        const { stream } = await createFixture(target, {
          network: (fetch) => async (input, init) => {
            const response = await fetch(input, init);
            if (type === "") response.headers.delete("content-type");
            else response.headers.set("content-type", type);
            return response;
          },
        });
        const { text } = await stream().result();
        checkEquals(text, TEXT, `The text of type "${type}"`);
      }
    },
  },
  {
    name:
      "fails where the server sends an error, at once or after any event [S18] [S19] [S20]",
    concerns: ({ failure }) => failure !== undefined,
    async run(target) {
      const { failure: text = "", endMarker } = target;
      let longest = "";
      for (let events = 0;; events++) {
        const fixture = await createFixture(target, {
          plan: { faults: [{ type: "insert", after: { events }, text }] },
        });
        const { error, ...ending } = await fixture.clock.skipWaits(
          readAll(fixture.stream()),
        );
        const [before = "", after] = fixture.bodies[0]?.text.split(text) ?? [];
        const isOver = after === undefined ||
          endMarker !== undefined && before.includes(endMarker);
        if (isOver) break;
        const where = `after ${events} events`;
        check(error !== undefined, `It succeeds ${where}`);
        checkEquals(error.code, "upstream", `The code ${where}`);
        checkEquals(error.partial?.text, ending.text, `The partial ${where}`);
        check(
          TEXT.startsWith(ending.text),
          `It says "${ending.text}" ${where}`,
        );
        check(
          ending.text.startsWith(longest),
          `Its text is lost ${where}`,
        );
        check(
          `${error.message} ${error.body}`.includes("overload"),
          "The error does not say the `overload` of the server",
        );
        if (ending.text !== "") {
          checkEquals(fixture.answers.length, 1, `The requests ${where}`);
        }
        longest = ending.text;
      }
      checkEquals(longest, TEXT, "The text before the last error");
    },
  },
];
