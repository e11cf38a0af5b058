/**
 * What is said between the steps of a run with tools.
 *
 * @module
 */

import type {
  ChatResult,
  Message,
  ProviderError,
  ToolCall,
  Usage,
} from "../mod.ts";

function sum(one: Usage, other: Usage): Usage {
  const counts = new Map(Object.entries(other));
  return Object.fromEntries(
    Object.entries(one).flatMap(([name, count]) => {
      const more = counts.get(name);
      return count === undefined || more === undefined
        ? []
        : [[name, count + more]];
    }),
  );
}

/**
 * Adds up what each step took; what one does not say, nobody knows.
 *
 * @param steps The answers.
 */
export function addUsage(steps: readonly ChatResult[]): Usage | undefined {
  const [first, ...others] = steps.map(({ usage }) => usage);
  return others.reduce(
    (total, usage) => total && usage && sum(total, usage),
    first,
  );
}

/**
 * Finds the calls at the end of a chat that have no result yet.
 *
 * @param messages The chat.
 */
export function findOpenCalls(
  messages: readonly Message[],
): readonly ToolCall[] {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const message = messages[last];
  if (message?.role !== "assistant") return [];
  const answered = messages.slice(last + 1).flatMap((message) =>
    message.role === "tool" ? message.callId : []
  );
  return (message.toolCalls ?? []).filter(({ id }) => !answered.includes(id));
}

/**
 * Says what is wrong with an answer, so that the model mends it.
 *
 * @param error What the answer failed with.
 */
export function toRepair(error: ProviderError): Message[] {
  const { partial, issues = [], reason } = error;
  const said = partial?.text || partial?.toolCalls[0]?.rawInput;
  const wrong =
    issues.map(({ path, message }) =>
      path === "" ? message : `${path}: ${message}`
    ).join("\n") || "It is no JSON.";
  return [
    ...said ? [{ role: "assistant" as const, content: said }] : [],
    {
      role: "user",
      content: `The answer is not valid (${reason}):\n${wrong}\n` +
        "Answer again, with the whole object.",
    },
  ];
}
