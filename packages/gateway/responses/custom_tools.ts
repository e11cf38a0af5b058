/**
 * What is called, for chats, which know functions only: a tool that takes text is
 * one with that text as its one parameter, and so is a search of tools.
 *
 * @module
 */

import * as z from "zod/mini";
import { parseObject } from "../http/json_object.ts";
import { parseBody } from "../http/request_fields.ts";

const text = z.string("a string");
const CustomTool = z.object({
  description: z.nullish(text),
  format: z.nullish(z.looseObject({
    syntax: z.nullish(text),
    definition: z.nullish(text),
  }, "an object")),
});

const parameters = {
  type: "object",
  properties: { input: { type: "string" } },
  required: ["input"],
  additionalProperties: false,
};

/**
 * Writes a tool that takes text as a function.
 *
 * @param tool The tool.
 * @param at Where it is in the request.
 * @returns What the function is, but for its name.
 * @throws {Refusal} If a field is wrong, with status 400.
 */
export function toFunction(
  tool: object,
  at: readonly PropertyKey[],
): Readonly<Record<string, unknown>> {
  const { description, format } = parseBody(CustomTool, tool, at);
  const { syntax, definition } = format ?? {};
  const language = syntax ? ` (${syntax})` : "";
  const grammar = definition &&
    `The input has this form${language}:\n${definition}`;
  return {
    ...tool,
    format: undefined,
    description: [description, grammar].filter(Boolean).join("\n\n"),
    parameters,
  };
}

/**
 * Writes the text for a tool as the arguments of its function.
 *
 * @param input The text.
 */
export function toArguments(input: string): string {
  return JSON.stringify({ input });
}

/**
 * Reads what a model searches tools for; what is no object, or cannot be written
 * within an answer, is text.
 *
 * @param written What the model wrote.
 */
export function toQuery(written: string): unknown {
  return parseObject(new TextEncoder().encode(written)) ?? written;
}

/**
 * Finds the text for a tool in the arguments of its function; a model that
 * knows the tool may have written nothing but the text.
 *
 * @param written What the model wrote.
 */
export function toInput(written: string): string {
  const { input } = Object(toQuery(written));
  return typeof input === "string" ? input : written;
}
