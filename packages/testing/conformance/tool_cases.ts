import { type ChatEvent, type ChatOptions, jsonSchema } from "@parley/chat";
import type { Chunking } from "../upstreams/chunking.ts";
import type { FaultPlan } from "../faults/fault.ts";
import type { AnswerCall } from "../upstreams/tool_answer.ts";
import { check, checkEquals } from "./check.ts";
import { type Ending, readAll, readTo } from "./ending.ts";
import { createFixture, type Fixture } from "./fixture.ts";
import { checkClean } from "./logs.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { catchReason } from "./waiting.ts";

/** What is nobody's business. */
const SECRET = "Grüße 👋 at pier 4719";

/** Two of them are the same, and are two. */
const CALLS: readonly AnswerCall[] = [
  { name: "find_lake", input: { near: SECRET, of: ["a", "b"] } },
  { name: "find_river", input: { near: "Thun" } },
  { name: "find_river", input: { near: "Thun" } },
];

const OPTIONS: ChatOptions = {
  tools: ["find_lake", "find_river"].map((name) => ({
    name,
    description: "Finds water",
    inputSchema: jsonSchema({ type: "object" }),
  })),
};

const CHUNKINGS: readonly Chunking[] = ["bytes", "characters", { size: 7 }];

/** How many bytes are between two cuts. */
const STRIDE = 89;

function concerns({ tools }: ConformanceTarget): boolean {
  return tools !== undefined;
}

/** Makes a provider whose model calls tools. */
async function createCaller(
  target: ConformanceTarget,
  plan: FaultPlan = {},
  [createUpstream] = Object.values(target.tools?.upstreams ?? {}),
): Promise<Fixture> {
  return await createFixture(target, {
    plan,
    upstream: createUpstream?.({ answer: () => ({ toolCalls: CALLS }) }),
    provider: { maxRetries: 0 },
  });
}

function pickCalls(events: readonly ChatEvent[]) {
  return events.filter((event) => event.type === "tool-call");
}

/** Checks an answer that is whole: its calls are handed out, at its end. */
function checkCalls(
  { tools }: ConformanceTarget,
  { events: all, error }: Ending,
  where: string,
): void {
  checkEquals(error?.code, undefined, `The code ${where}`);
  // What came before an answer begins anew is void.
  const begin = all.findLastIndex(({ type }) => type === "restart") + 1;
  const events = all.slice(begin);
  const calls = pickCalls(events);
  checkEquals(
    calls.map(({ name, input }) => ({ name, input })),
    CALLS,
    `The calls ${where}`,
  );
  const ids = new Set(calls.map(({ id }) => id));
  checkEquals(ids.size, CALLS.length, `The number of ids ${where}`);
  for (const { id, rawInput } of calls) {
    const pieces = events.map((event) =>
      event.type === "tool-call-delta" && event.id === id ? event.text : ""
    );
    const shown = tools?.showsPieces === false ? "" : rawInput;
    checkEquals(pieces.join(""), shown, `The pieces of a call ${where}`);
  }
  const types = events.map(({ type }) => type);
  check(
    types.indexOf("tool-call") > types.lastIndexOf("tool-call-delta"),
    `A call is handed out before the answer is whole ${where}`,
  );
  const finish = events.at(-1);
  checkEquals(
    finish?.type === "finish" && finish.reason,
    "tool-calls",
    `The reason ${where}`,
  );
}

/** A call of a tool is handed out once, and only when its answer is whole. */
export const TOOL_CASES: readonly CaseDefinition[] = [
  {
    name: "hands out the calls of an answer that is whole, in each form",
    concerns,
    async run(target) {
      const { upstreams } = target.tools ?? { upstreams: {} };
      for (const [form, upstream] of Object.entries(upstreams)) {
        const fixture = await createCaller(target, {}, [upstream]);
        checkCalls(
          target,
          await readAll(fixture.stream(OPTIONS)),
          `in form "${form}"`,
        );
      }
    },
  },
  {
    name: "hands out the same calls however their bytes are cut",
    concerns,
    async run(target) {
      for (const chunking of CHUNKINGS) {
        const fixture = await createCaller(target, { path: "", chunking });
        checkCalls(
          target,
          await readAll(fixture.stream(OPTIONS)),
          `in pieces of ${JSON.stringify(chunking)}`,
        );
      }
    },
  },
  {
    name: "hands out no call of an answer that is cut",
    concerns,
    async run(target, { isThorough }) {
      for (const type of ["reset", "cut"] as const) {
        for (let bytes = 0;; bytes += isThorough ? 1 : STRIDE) {
          const faults = [{ type, after: { bytes } }];
          const fixture = await createCaller(target, { faults });
          const stream = fixture.stream(OPTIONS);
          const ending = await fixture.clock.skipWaits(readAll(stream));
          const where = `with a ${type} after ${bytes} bytes`;
          // From its end marker on it is whole.
          if (ending.error === undefined) {
            checkCalls(target, ending, where);
            break;
          }
          checkEquals(ending.error.code, "incomplete", `The code ${where}`);
          checkEquals(pickCalls(ending.events), [], `The calls ${where}`);
          checkClean(ending.error, [SECRET], `the error ${where}`);
        }
      }
    },
  },
  {
    name: "hands out no call after an abort",
    concerns: ({ tools, isStreamed }) =>
      tools !== undefined && tools.showsPieces !== false &&
      isStreamed !== false,
    async run(target) {
      const { stream } = await createCaller(target);
      const controller = new AbortController();
      const run = stream({ ...OPTIONS, signal: controller.signal });
      await readTo(run, "tool-call-delta");
      const reason = new Error("Enough");
      controller.abort(reason);
      const thrown = await catchReason(run.next());
      check(thrown === reason, `It rejects with ${String(thrown)}`);
      checkEquals((await run.next()).done, true, "Whether it is done");
    },
  },
];
