/**
 * What is sent of tools and objects, and what is expected of the answer.
 *
 * @module
 */

import type { ProviderAbilities } from "../chat/abilities.ts";
import { ProviderError } from "../chat/errors.ts";
import { invalidOption } from "../chat/options.ts";
import type {
  Output,
  OutputMode,
  OutputOptions,
  OutputSpec,
  ToolChoice,
  ToolSpec,
} from "../chat/tools.ts";
import type { ChatOptions } from "../chat/types.ts";
import { isObject, NOTHING } from "../streams/values.ts";
import {
  checkField,
  checkNamed,
  readToolChoice,
  readTools,
} from "./read_tools.ts";
import { readSchema, type RunSchema } from "./schema.ts";

/** The object that an answer is to be. */
export interface ExpectedOutput {
  /** How it is asked for. */
  readonly mode: OutputMode;
  /** Its name, which is that of the tool where it is asked for as one. */
  readonly name: string;
  /** What it must be; any JSON object where there is none. */
  readonly schema: RunSchema | undefined;
}

/** What is expected of an answer. */
export interface Expected {
  /** The tools, by name. */
  readonly tools: ReadonlyMap<string, RunSchema>;
  /** What the caller wants called. */
  readonly toolChoice: ToolChoice | undefined;
  /** The object. */
  readonly output: ExpectedOutput | undefined;
}

/** What is sent of tools and objects, and what is expected of the answer. */
export interface ToolPlan {
  /** The tools that are sent. */
  readonly tools: readonly ToolSpec[];
  /** Whether they are called. */
  readonly toolChoice: ToolChoice | undefined;
  /** The object that is asked for by a field of the request. */
  readonly output: OutputSpec | undefined;
  /** What is asked of the model in words. */
  readonly instruction: string | undefined;
  /** What is expected of the answer. */
  readonly expected: Expected;
}

/** The plan of a run that asks for neither, as most do not. */
const NO_TOOLS: ToolPlan = {
  tools: NOTHING,
  toolChoice: undefined,
  output: undefined,
  instruction: undefined,
  expected: { tools: new Map(), toolChoice: undefined, output: undefined },
};

/** The modes that ask in the answer itself, the best first. */
const MODES: readonly OutputMode[] = ["schema", "json", "prompt"];

function readOutput(output: Output): OutputOptions & { readonly name: string } {
  const holds = isObject(output) && "schema" in output;
  const options = holds ? output as OutputOptions : { schema: output };
  const { schema, ...rest } = options as OutputOptions;
  const named = { schema, ...rest, name: rest.name ?? "answer" };
  checkNamed("output", named);
  for (const field of Object.keys(rest)) {
    if (!["name", "description", "strict", "mode"].includes(field)) {
      throw invalidOption(`output.${field}`, "is unknown");
    }
  }
  const { mode } = rest;
  checkField(
    "output.mode",
    mode === undefined || mode === "tool" || MODES.includes(mode),
    '"schema", "json", "tool" or "prompt"',
  );
  return named;
}

/** Decides how an object is asked for. */
function toMode(
  { outputSupport = "none", toolSupport, outputWithTools }: ProviderAbilities,
  wanted: OutputMode | undefined,
  hasTools: boolean,
): OutputMode {
  const able = MODES.slice(MODES.findIndex((mode) => mode === outputSupport));
  const fitsTools = outputSupport === "prompt" || outputWithTools;
  const usual = hasTools && !fitsTools ? "tool" : outputSupport;
  const mode = wanted ?? usual;
  const isAble = mode === "tool"
    ? toolSupport === "native"
    : able.some((other) => other === mode);
  if (outputSupport !== "none" && mode !== "none" && isAble) return mode;
  throw new ProviderError(
    `Object cannot be asked for${wanted ? ` by the mode "${wanted}"` : ""}`,
    { code: "unsupported" },
  );
}

function toInstruction(schema: RunSchema | undefined): string {
  const wanted = "Answer with one JSON object and nothing else.";
  return schema === undefined
    ? wanted
    : `${wanted} It must match this JSON Schema:\n${
      JSON.stringify(schema.json)
    }`;
}

/** Leaves the model no way but to call the tool that is the answer, or others. */
function toAnswerChoice(
  choice: ToolChoice | undefined,
  tool: string,
  hasTools: boolean,
): ToolChoice {
  if (isObject(choice)) return choice;
  return hasTools && choice !== "none" ? "required" : { tool };
}

/**
 * Decides what is sent of the tools and of the object that a run asks for.
 *
 * @param abilities What the provider takes.
 * @param options The options of the run.
 * @throws {ProviderError} If they are wrong, with code `invalid-request`, or
 * cannot be sent, with code `unsupported`.
 */
export function planTools(
  abilities: ProviderAbilities,
  options: ChatOptions,
): ToolPlan {
  const read = readTools(options.tools);
  const toolChoice = readToolChoice(options.toolChoice, read);
  if (read.length === 0 && options.output === undefined) return NO_TOOLS;
  const specs = read.map(({ spec }) => spec);
  const tools = new Map(read.map(({ spec, schema }) => [spec.name, schema]));
  const expected: Expected = { tools, toolChoice, output: undefined };
  const plan: ToolPlan = {
    tools: specs,
    toolChoice,
    output: undefined,
    instruction: undefined,
    expected,
  };
  if (specs.length > 0 && abilities.toolSupport !== "native") {
    throw new ProviderError("Tools cannot be sent", { code: "unsupported" });
  }
  if (options.output === undefined) return plan;
  const given = readOutput(options.output);
  const { name, description, strict } = given;
  const schema = given.schema === "json"
    ? undefined
    : readSchema(given.schema, "output");
  const hasTools = specs.length > 0;
  const mode = toMode(abilities, given.mode, hasTools);
  const json = schema?.json ?? { type: "object" };
  const whole: ToolPlan = {
    ...plan,
    expected: { ...expected, output: { mode, name, schema } },
  };
  switch (mode) {
    case "tool": {
      if (tools.has(name)) {
        throw invalidOption("output.name", "is that of a tool");
      }
      const answer: ToolSpec = {
        name,
        description: description ?? "Gives the answer.",
        inputSchema: json,
        strict,
      };
      return {
        ...whole,
        tools: [...specs, answer],
        toolChoice: toAnswerChoice(toolChoice, name, hasTools),
      };
    }
    case "prompt":
      return { ...whole, instruction: toInstruction(schema) };
    default: {
      const isAny = mode === "json" || schema === undefined;
      return {
        ...whole,
        output: {
          mode: isAny ? "json" : "schema",
          name,
          description,
          schema: json,
          strict,
        },
        ...(isAny && { instruction: toInstruction(schema) }),
      };
    }
  }
}
