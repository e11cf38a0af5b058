/**
 * The tools of a run, checked before anything is sent.
 *
 * @module
 */

import { toNameList } from "../chat/errors.ts";
import { invalidOption } from "../chat/options.ts";
import type { Tool, ToolChoice, ToolSpec } from "../chat/tools.ts";
import { isList, isNullish, isObject, isString } from "../streams/values.ts";
import { readSchema, type RunSchema } from "./schema.ts";

/** The most tools of a run. */
const MAX_TOOLS = 128;

/** A tool, written for an upstream, with what checks its input. */
export interface RunTool {
  readonly spec: ToolSpec;
  readonly schema: RunSchema;
}

/**
 * Wants one field of an option to be right.
 *
 * @param name The field.
 * @param isRight Whether it is.
 * @param wanted What it must be.
 */
export function checkField(
  name: string,
  isRight: boolean,
  wanted: string,
): void {
  if (!isRight) {
    throw invalidOption(name, `is not valid: expected ${wanted}`);
  }
}

/**
 * Wants what tools and objects have in common to be right.
 *
 * @param path The option that they are.
 * @param fields Their fields.
 */
export function checkNamed(
  path: string,
  { name, description, strict }: {
    readonly name?: unknown;
    readonly description?: unknown;
    readonly strict?: unknown;
  },
): void {
  checkField(
    `${path}.name`,
    isString(name) && /^[\w-]{1,64}$/.test(name),
    "1 to 64 letters, digits, _ and -",
  );
  checkField(
    `${path}.description`,
    isNullish(description) || isString(description),
    "a string",
  );
  checkField(
    `${path}.strict`,
    isNullish(strict) || typeof strict === "boolean",
    "true or false",
  );
}

/**
 * Reads the tools of a run.
 *
 * @param tools What the caller gave.
 * @throws {ProviderError} If one is wrong, with code `invalid-request`.
 */
export function readTools(tools: readonly Tool[] = []): readonly RunTool[] {
  checkField(
    "tools",
    isList(tools) && tools.length <= MAX_TOOLS,
    `at most ${MAX_TOOLS} tools`,
  );
  const names = new Set<string>();
  return tools.map((tool, index) => {
    const path = `tools[${index}]`;
    checkField(path, isObject(tool), "a tool");
    checkNamed(path, tool);
    const { name, description, inputSchema, strict } = tool;
    if (names.has(name)) {
      throw invalidOption(`${path}.name`, "is that of another tool");
    }
    names.add(name);
    const schema = readSchema(inputSchema, `${path}.inputSchema`);
    const spec = { name, description, inputSchema: schema.json, strict };
    return { spec, schema };
  });
}

/**
 * Reads which tools are to be called.
 *
 * @param choice What the caller gave.
 * @param tools The tools.
 * @returns The choice; `undefined` where there are no tools to choose from.
 * @throws {ProviderError} If it is wrong, with code `invalid-request`.
 */
export function readToolChoice(
  choice: ToolChoice | undefined,
  tools: readonly RunTool[],
): ToolChoice | undefined {
  const names = tools.map(({ spec }) => spec.name);
  if (isObject(choice)) {
    const { tool } = choice;
    checkField(
      "toolChoice.tool",
      names.includes(tool),
      names.length === 0 ? "no name: there are no tools" : toNameList(names),
    );
    return { tool };
  }
  checkField(
    "toolChoice",
    choice === undefined || ["auto", "none", "required"].includes(choice),
    '"auto", "none", "required" or { tool: name }',
  );
  if (choice === "required" && names.length === 0) {
    throw invalidOption("toolChoice", 'is "required", but there are no tools');
  }
  return names.length === 0 ? undefined : choice;
}
