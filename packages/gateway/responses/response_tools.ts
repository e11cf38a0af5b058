/**
 * The tools of a request for a response, as those of a chat completion.
 *
 * @module
 */

import type { Warning } from "@parley/chat";
import { toPath } from "@parley/chat/provider";
import type { IgnoredFields } from "../chat/ignored_fields.ts";
import { refuseParameter } from "../http/request_fields.ts";

/** What a function is called; agents have some of them in namespaces. */
export interface FunctionName {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** The tools of a request. */
export interface ResponseTools {
  /** Those of a chat completion. */
  readonly functions: readonly unknown[];
  /** Where each of them stands in the request. */
  readonly paths: readonly string[];
  /** What a function is called in the request, by its name in the chat. */
  readonly names: ReadonlyMap<string, FunctionName>;
  /** What the client should know. */
  readonly warnings: readonly Warning[];
}

const SEARCH = {
  code: "ignored-field",
  message: "The web is not searched: no tool but functions is run here",
};

/** Writes the name of a function in a chat, which knows no namespaces. */
export function toChatName({ namespace, name }: FunctionName): string {
  return namespace ? `${namespace}__${name}` : name;
}

/**
 * Reads the tools of a request. Agents offer a search of the web by themselves,
 * beside their functions: a model that is not offered it goes on without.
 *
 * @param tools The tools.
 * @param ignored Gets the fields that have no effect.
 * @returns The functions among them.
 * @throws {Refusal} If another tool is among them, with status 400.
 */
export function readTools(
  tools: readonly unknown[],
  ignored: IgnoredFields,
): ResponseTools {
  const functions: unknown[] = [];
  const paths: string[] = [];
  const names = new Map<string, FunctionName>();
  const warnings: Warning[] = [];

  function add(
    tool: unknown,
    at: readonly PropertyKey[],
    namespace?: string,
  ): void {
    const { type, ...called } = Object(tool);
    if (type !== "function") {
      throw refuseParameter(
        toPath([...at, "type"]),
        "Only tools that are functions are supported",
      );
    }
    const { name } = called;
    const chatName = toChatName({ namespace, name });
    names.set(chatName, { name, namespace });
    functions.push({ type, function: { ...called, name: chatName } });
    paths.push(toPath(at));
  }

  const hasFunction = tools.some((tool) => Object(tool).type === "function");
  for (const [index, tool] of tools.entries()) {
    const at = ["tools", index];
    const { type, name, tools: members } = Object(tool);
    if (type === "namespace" && Array.isArray(members)) {
      ignored.note(Object(tool), ["type", "name", "tools"], "tools[].");
      for (const [position, member] of members.entries()) {
        add(member, [...at, "tools", position], name);
      }
    } else if (type === "web_search" && hasFunction) warnings.push(SEARCH);
    else add(tool, at);
  }
  return { functions, paths, names, warnings };
}
