/**
 * The tools of a request for a response, as those of a chat completion.
 *
 * @module
 */

import type { Warning } from "@parley/chat";
import { toPath } from "@parley/chat/provider";
import * as z from "zod/mini";
import type { IgnoredFields } from "../chat/ignored_fields.ts";
import { parseBody, refuseParameter } from "../http/request_fields.ts";
import { toFunction } from "./custom_tools.ts";

/** What a function is called; agents have some of them in namespaces. */
export interface FunctionName {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** What is called: a function, a tool that takes text, or a search of tools. */
export type CallKind = "call" | "custom" | "search";

/** What a tool is called, and what it is. */
export interface ToolName extends FunctionName {
  readonly kind: CallKind;
}

/** Tools, and where they are in a request. */
export interface ToolList {
  readonly tools: readonly unknown[];
  readonly at: readonly PropertyKey[];
  /** Whether the client found them by a search. */
  readonly isFound?: boolean;
}

/** The tools of a request. */
export interface ResponseTools {
  /** Those of a chat completion. */
  readonly functions: readonly unknown[];
  /** Where each of them stands in the request. */
  readonly paths: readonly string[];
  /** What a tool is called in the request, by its name in the chat. */
  readonly names: ReadonlyMap<string, ToolName>;
  /** What the client should know. */
  readonly warnings: readonly Warning[];
}

/** A namespace has a name, and so has what is in it. */
const Named = z.object({ name: z.string("a string") });

/** What agents offer by themselves beside their functions. */
const OFFERED = /^(?:web_search|image_generation|tool_search)/;

/** What may be called. */
const KINDS = new Map<unknown, CallKind>([
  ["function", "call"],
  ["custom", "custom"],
]);

/** What a search of tools is called in a chat. */
export const SEARCH_NAME = "tool_search";

/** The items that bring tools. */
const BRINGING = ["additional_tools", "tool_search_output"];

/** Whether a tool is a search of tools that the client makes. */
function isSearch(tool: unknown): boolean {
  const { type, execution } = Object(tool);
  return type === "tool_search" && execution === "client";
}

/** Writes the name of a function in a chat, which knows no namespaces. */
export function toChatName({ namespace, name }: FunctionName): string {
  return namespace ? `${namespace}__${name}` : name;
}

/**
 * Writes the names of tools in a chat.
 *
 * @param tools The tools, some of them in namespaces.
 */
export function toChatNames(tools: readonly unknown[]): readonly string[] {
  return tools.flatMap((tool) => {
    const { name, tools: members } = Object(tool);
    return Array.isArray(members)
      ? members.map((member) =>
        toChatName({ namespace: name, name: Object(member).name })
      )
      : [String(name)];
  });
}

/**
 * Finds the tools that are among the input, the latest first.
 *
 * @param input Text, or a list of items.
 */
export function readAdditionalTools(
  input: string | readonly unknown[],
): readonly ToolList[] {
  if (typeof input === "string") return [];
  return input.flatMap((item, index) => {
    const { type, tools } = Object(item);
    return BRINGING.includes(type) && Array.isArray(tools)
      ? [{
        tools,
        at: ["input", index, "tools"],
        isFound: type === "tool_search_output",
      }]
      : [];
  }).reverse();
}

function refuseTool(param: string): Error {
  return refuseParameter(param, "Only tools that are functions are supported");
}

/**
 * Reads the tools of a request. Agents offer some that are no functions by
 * themselves, beside their functions: a model that is not offered them goes on
 * without.
 *
 * @param lists The tools; the first list that has a name is what counts.
 * @param ignored Gets the fields that have no effect.
 * @returns The functions among them, and what takes text as such.
 * @throws {Refusal} If another tool is among them, with status 400.
 */
export function readTools(
  lists: readonly ToolList[],
  ignored: IgnoredFields,
): ResponseTools {
  const functions: unknown[] = [];
  const paths: string[] = [];
  const names = new Map<string, ToolName>();
  const offered = new Map<string, string>();
  /** The list that each name is first in: a chat that goes on may repeat one. */
  const owners = new Map<string, ToolList>();
  const canSearch = lists.some(({ tools }) => tools.some(isSearch));

  function add(
    tool: unknown,
    list: ToolList,
    at: readonly PropertyKey[],
    namespace?: string,
  ): void {
    const { type, ...called } = Object(tool);
    const kind = isSearch(tool) ? "search" : KINDS.get(type);
    if (kind === undefined) {
      const param = toPath([...at, "type"]);
      const [name] = OFFERED.exec(type) ?? [];
      if (name === undefined) throw refuseTool(param);
      offered.set(name, param);
      return;
    }
    if (namespace !== undefined) parseBody(Named, tool, at);
    const name = kind === "search" ? SEARCH_NAME : called.name;
    const chatName = toChatName({ namespace, name });
    if ((owners.get(chatName) ?? list) !== list) return;
    if (canSearch && called.defer_loading === true) {
      if (!list.isFound) return;
      delete called.defer_loading;
    }
    owners.set(chatName, list);
    names.set(chatName, { name, namespace, kind });
    const described = kind === "custom" ? toFunction(called, at) : called;
    functions.push({
      type: "function",
      function: {
        ...described,
        name: chatName,
        ...kind === "search" && { execution: undefined },
      },
    });
    paths.push(toPath(at));
  }

  for (const list of lists) {
    for (const [index, tool] of list.tools.entries()) {
      const at = [...list.at, index];
      const { type, tools: members } = Object(tool);
      if (type === "namespace" && Array.isArray(members)) {
        const { name } = parseBody(Named, tool, at);
        ignored.note(Object(tool), ["type", "name", "tools"], "tools[].");
        for (const [position, member] of members.entries()) {
          add(member, list, [...at, "tools", position], name);
        }
      } else add(tool, list, at);
    }
  }
  const [param] = offered.values();
  if (param !== undefined && functions.length === 0) throw refuseTool(param);
  const warnings = [...offered.keys()].map((name) => ({
    code: "ignored-field",
    message: `Tool "${name}" is left out: none but functions is run here`,
  }));
  return { functions, paths, names, warnings };
}
