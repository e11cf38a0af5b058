import { check, checkEquals } from "./check.ts";
import { type Ending, readAll } from "./ending.ts";
import type { BodyFault } from "../faults/fault.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture } from "./fixture.ts";
import type { WatchedBody } from "./watched_body.ts";

/** What a model answers that is cut at every byte: short, so as to be fast. */
const TOKENS = ["Grüße,\n 日👋", " x"];

const TEXT = TOKENS.join("");

/**
 * How long a provider may wait for more after the end, in milliseconds: usage
 * that was asked for comes late.
 */
const TRAILER_TIME = 5_000;

function hasEndMarker({ endMarker }: ConformanceTarget): boolean {
  return endMarker !== undefined;
}

function isEventStream(body: WatchedBody | undefined): boolean {
  const type = body?.headers.get("content-type") ?? "";
  return type.startsWith("text/event-stream");
}

/**
 * How much of an answer has come: the event of the end marker is whole, has
 * only begun, or not even that.
 */
function findEnd(
  { endMarker }: ConformanceTarget,
  body: WatchedBody | undefined,
): "whole" | "begun" | "missing" {
  const { text = "" } = body ?? {};
  const index = endMarker === undefined ? -1 : text.indexOf(endMarker);
  if (index === -1) return "missing";
  const end = isEventStream(body) ? /\n\n|\r\r|\n\r\n/ : /\n/;
  return end.test(text.slice(index)) ? "whole" : "begun";
}

/** One run whose answer is cut. */
interface Cut extends Ending {
  /** The body of the answer. */
  readonly body: WatchedBody | undefined;
  /** How much was sent before the cut. */
  readonly end: ReturnType<typeof findEnd>;
  /** How long it waited, in milliseconds of its own time. */
  readonly waited: number;
}

/** Reads an answer that a fault befalls. */
async function readCut(
  target: ConformanceTarget,
  fault: BodyFault,
): Promise<Cut> {
  const fixture = await createFixture(target, {
    plan: { faults: [fault] },
    answer: () => TOKENS,
    provider: { maxRetries: 0 },
  });
  const start = fixture.clock.now();
  const reading = readAll(fixture.stream());
  const ending = await fixture.clock.skipWaits(reading);
  const body = fixture.bodies.at(-1);
  const end = findEnd(target, body);
  return { ...ending, body, end, waited: fixture.clock.now() - start };
}

/** Says where a body was cut, and how it ended there. */
function toPlace(bytes: number, { body }: Cut): string {
  const end = JSON.stringify(body?.text.slice(-40) ?? "");
  return `after ${bytes} bytes, the last ones being ${end}`;
}

/** Checks that an answer is not taken for whole, but what was shown is kept. */
function checkIncomplete(
  { error, text }: Ending,
  where: string,
  codes: readonly string[] = ["incomplete"],
): void {
  check(error !== undefined, `It succeeds ${where}`);
  check(codes.includes(error.code), `The code is ${error.code} ${where}`);
  checkEquals(error.partial?.text, text, `The partial ${where}`);
  check(TEXT.startsWith(text), `It says "${text}" ${where}`);
}

function checkWhole({ error, text }: Ending, where: string): void {
  checkEquals(error?.code, undefined, `The code ${where}`);
  checkEquals(text, TEXT, `The text ${where}`);
}

/** Checks an answer that was cut before its end marker was whole. */
function checkCut(
  target: ConformanceTarget,
  cut: Cut,
  where: string,
  codes?: readonly string[],
): void {
  // What is found again on the server is whole, too.
  const mayBeWhole = cut.end === "begun" || target.recovers;
  if (cut.error === undefined && mayBeWhole) checkWhole(cut, where);
  else checkIncomplete(cut, where, codes);
}

/** How many bytes are between two cuts in what is like the bytes around it. */
const STRIDE = 31;

/**
 * Lists where an answer is cut: everywhere, or within and beside each line end
 * and each character of several bytes, and now and then between them.
 */
async function listPlaces(
  target: ConformanceTarget,
  isThorough: boolean,
): Promise<readonly number[]> {
  const { body } = await readCut(target, { type: "insert", text: "" });
  const bytes = new TextEncoder().encode(body?.text);
  const isMarked = (byte = 0) => byte >= 0x80 || byte === 0x0a || byte === 0x0d;
  return Array.from({ length: bytes.length + 1 }, (_, place) => place).filter(
    (place) =>
      isThorough || place % STRIDE === 0 || isMarked(bytes[place - 1]) ||
      isMarked(bytes[place]),
  );
}

/** An answer that is cut is never taken for whole, and a whole one is. */
export const CUT_CASES: readonly CaseDefinition[] = [
  {
    name: "fails where the connection breaks after any byte [T03] [T04] [T09]",
    async run(target, { isThorough }) {
      for (const bytes of await listPlaces(target, isThorough)) {
        const cut = await readCut(target, { type: "reset", after: { bytes } });
        const where = toPlace(bytes, cut);
        const isOver = cut.body?.state === "ended";
        if (cut.end === "whole" || isOver) return checkWhole(cut, where);
        checkCut(target, cut, where);
      }
    },
  },
  {
    name: "fails where the body ends before its end marker [T05] [T06] [T13]",
    concerns: hasEndMarker,
    async run(target, { isThorough }) {
      for (const bytes of await listPlaces(target, isThorough)) {
        const cut = await readCut(target, { type: "cut", after: { bytes } });
        const where = toPlace(bytes, cut);
        if (cut.end === "whole") return checkWhole(cut, where);
        checkCut(target, cut, where);
      }
    },
  },
  {
    name: "invents no text where the body ends too early",
    concerns: (target) => !hasEndMarker(target),
    async run(target, { isThorough }) {
      const whole = await readCut(target, { type: "insert", text: "" });
      const places = await listPlaces(target, isThorough);
      for (const bytes of places.slice(0, -1)) {
        const cut = await readCut(target, { type: "cut", after: { bytes } });
        const where = toPlace(bytes, cut);
        // Half a character at the end may be reported as such.
        const said = cut.text.replace(/\ufffd$/, "");
        check(TEXT.startsWith(said), `It says "${cut.text}" ${where}`);
        // The end of a body is no end of a line.
        const isInLine = isEventStream(cut.body) &&
          !/[\r\n]$/.test(cut.body?.text ?? "");
        if (cut.text === "" || isInLine) {
          checkIncomplete(cut, where, ["incomplete", "bad-response"]);
        } else if (cut.error !== undefined) checkIncomplete(cut, where);
      }
      checkWhole(whole, "at its end");
    },
  },
  {
    name: "fails where less comes than its Content-Length says [T10]",
    concerns: (target) => !hasEndMarker(target),
    async run(target) {
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "short", missing: 9 }] },
        answer: () => TOKENS,
        provider: { maxRetries: 0 },
      });
      checkIncomplete(await readAll(fixture.stream()), "at its end");
    },
  },
  {
    name: "is whole from its end marker on, whatever happens then [T07] [T08]",
    concerns: hasEndMarker,
    async run(target) {
      for (const type of ["cut", "reset", "stall"] as const) {
        let wholes = 0;
        for (let events = 1;; events++) {
          const cut = await readCut(target, { type, after: { events } });
          const where = `with a ${type} after ${events} events`;
          if (cut.end === "whole") {
            wholes++;
            checkWhole(cut, where);
            check(
              cut.waited <= (target.trailerTime ?? TRAILER_TIME),
              `It ends ${cut.waited} ms after its end marker`,
            );
            // The last events of a body may all come after the end marker.
            if (wholes === 3 || cut.body?.state === "ended") {
              break;
            }
          } else {
            checkCut(target, cut, where, [
              type === "stall" ? "timeout" : "incomplete",
            ]);
          }
        }
      }
    },
  },
];
