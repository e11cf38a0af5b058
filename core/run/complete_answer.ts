/**
 * What a whole answer gives: calls to be run, and the object that was asked for.
 *
 * @module
 */

import { ProviderError, type ProviderErrorOptions } from "../chat/errors.ts";
import type {
  ChatEvent,
  FinishEvent,
  ToolCallErrorEvent,
  ToolCallEvent,
  WarningEvent,
} from "../chat/events.ts";
import type { RawToolCall } from "../chat/tools.ts";
import { isObject } from "../streams/values.ts";
import { MAX_PARTIAL } from "./partial_collector.ts";
import { parseInput, parseObject } from "./parse_input.ts";
import { type RunSchema, toIssues } from "./schema.ts";
import type { Expected, ExpectedOutput } from "./tool_plan.ts";

/** A whole answer. */
export interface WholeAnswer {
  /** The text that came. */
  readonly text: string;
  /** Its calls. */
  readonly toolCalls: readonly RawToolCall[];
  /** How it ended. */
  readonly finish: FinishEvent;
}

/** What a whole answer gives. */
export interface CompletedAnswer {
  /** The events before its end. */
  readonly events: readonly ChatEvent[];
  /** Its end. */
  readonly finish: FinishEvent;
}

function toWarning(code: string, message: string): WarningEvent {
  return { type: "warning", code, message };
}

/**
 * Checks one call.
 *
 * @param call The call.
 * @param tools The tools, by name.
 */
export async function checkCall(
  call: RawToolCall,
  tools: Expected["tools"],
): Promise<ToolCallEvent | ToolCallErrorEvent> {
  const schema = tools.get(call.name);
  const error = { ...call, type: "tool-call-error", issues: [] } as const;
  if (schema === undefined) return { ...error, reason: "unknown-tool" };
  let input: unknown;
  try {
    input = parseInput(call.rawInput);
  } catch {
    return { ...error, reason: "invalid-json" };
  }
  const result = await schema.check(input);
  if (result.issues === undefined) {
    return { type: "tool-call", ...call, input: result.value };
  }
  const issues = toIssues(result.issues, input);
  return { ...error, reason: "invalid-input", issues };
}

function fail(
  message: string,
  facts: Omit<ProviderErrorOptions, "code">,
): ProviderError {
  return new ProviderError(message, { ...facts, code: "invalid-output" });
}

/** Reads the object that an answer is. */
async function readObject(
  source: string,
  { mode, schema }: ExpectedOutput,
): Promise<unknown> {
  if (source.length >= MAX_PARTIAL) {
    throw new ProviderError(
      `Answer is not the object: it has ${MAX_PARTIAL} characters or more`,
      { code: "too-large" },
    );
  }
  let value: unknown;
  try {
    value = parseObject(source, mode === "json" || mode === "prompt");
  } catch {
    throw fail("Answer is not the object: it is no JSON", { reason: "syntax" });
  }
  const result = await (schema ?? ANY_OBJECT).check(value);
  if (result.issues === undefined) return result.value;
  throw fail("Answer is not the object: it is not what the schema says", {
    reason: "schema",
    issues: toIssues(result.issues, value),
  });
}

const ANY_OBJECT: Pick<RunSchema, "check"> = {
  check: (value) =>
    isObject(value)
      ? { value }
      : { issues: [{ message: "Expected an object", path: [] }] },
};

/** Refuses an end at which there is no object. */
function checkEnd({ reason, rawReason }: FinishEvent): void {
  if (reason === "length") {
    throw fail("Answer is not the object: it is cut at its length", {
      reason: "length",
    });
  }
  if (reason === "content-filter") {
    throw new ProviderError("Answer is not the object: content is refused", {
      code: "content-filter",
      ...(rawReason === "refusal" && { reason: rawReason }),
    });
  }
}

/** Whether the model has called what the caller wants called. */
function isChoiceMet(
  choice: Expected["toolChoice"],
  calls: readonly RawToolCall[],
): boolean {
  return isObject(choice)
    ? calls.some(({ name }) => name === choice.tool)
    : choice !== "required" || calls.length > 0;
}

/**
 * Reads what a whole answer gives.
 *
 * Only an answer that ended by itself gives calls: one that was cut, or refused,
 * may hold the beginning of a call that looks whole.
 *
 * @param answer The answer.
 * @param expected What is expected of it.
 * @throws {ProviderError} If it is not the object that was asked for, with code
 * `invalid-output`, or `content-filter` where the model refuses; if it says that
 * it calls tools and says nothing, with code `bad-response`.
 */
export async function completeAnswer(
  { text: streamed, toolCalls: all, finish }: WholeAnswer,
  expected: Expected,
): Promise<CompletedAnswer> {
  const { text = streamed } = finish;
  const { output } = expected;
  const answers = output?.mode === "tool"
    ? all.filter(({ name }) => name === output.name)
    : [];
  const calls = all.filter((call) => !answers.includes(call));
  const isOver = finish.reason === "stop" || finish.reason === "tool-calls";
  const handed = isOver ? calls : [];
  const events: ChatEvent[] = [];
  if (handed.length < calls.length) {
    events.push(toWarning(
      "tool-calls-withheld",
      `Tool calls are not handed out: the answer ended by "${finish.reason}"`,
    ));
  }
  if (finish.reason === "tool-calls" && all.length === 0) {
    if (text === "") {
      throw new ProviderError("Answer has no tool call, though it says so", {
        code: "bad-response",
      });
    }
    events.push(toWarning(
      "tool-calls-missing",
      "The upstream ended by calling tools, but there is no call",
    ));
  }
  if (isOver && !isChoiceMet(expected.toolChoice, calls)) {
    events.push(toWarning(
      "tool-choice-ignored",
      "The model did not call a tool, though it was to",
    ));
  }
  for (const call of handed) {
    events.push(await checkCall(call, expected.tools));
  }
  if (handed.length > 0) {
    return { events, finish: { ...finish, reason: "tool-calls" } };
  }
  if (output !== undefined) {
    checkEnd(finish);
    const source = answers[0]?.rawInput ?? text;
    events.push({ type: "object", object: await readObject(source, output) });
  }
  return {
    events,
    finish: isOver ? { ...finish, reason: "stop" } : finish,
  };
}
