import { OPENAI_COMPATIBLE } from "../_providers.ts";
import type { Mutant } from "./_mutants.ts";

const EACH_FORM =
  "hands out the calls of an answer that is whole, in each form";
const CUT = "hands out no call of an answer that is cut";

/** Ways in which calls of tools can be broken. */
export const TOOL_MUTANTS: readonly Mutant[] = [
  {
    what: "hands out a call as soon as its input can be parsed",
    caughtBy: CUT,
    file: "core/run/answer_reader.ts",
    find: 'if (whole.type === "tool-call-delta") addCall(partial, whole);',
    replace: `if (whole.type === "tool-call-delta") {
      addCall(partial, whole);
      for (const call of partial.content.calls?.toCalls() ?? []) try {
        const input = JSON.parse(call.rawInput);
        events.push({ type: "tool-call", ...call, input });
      } catch {}
    }`,
  },
  {
    what: "routes pieces of calls by their index alone",
    caughtBy: EACH_FORM,
    file: "core/openai/call_router.ts",
    find: 'if (id === "") {',
    replace: "if (true) {",
  },
  {
    what: "takes equal calls for one",
    caughtBy: EACH_FORM,
    file: "core/run/call_collector.ts",
    find: "[...calls].sort(([a], [b]) => a - b)",
    replace: "[...new Map([...calls].map((entry) => [`${entry[1].name}${" +
      "entry[1].input}`, entry])).values()].sort(([a], [b]) => a - b)",
  },
  {
    what: "gives two calls one id",
    caughtBy: EACH_FORM,
    file: "core/openai/tool_calls.ts",
    find: 'const unique = id !== "" && !ids.has(id)',
    replace: 'const unique = id !== ""',
  },
  {
    what: "takes no input that is an object",
    caughtBy: EACH_FORM,
    file: "core/openai/call_piece.ts",
    find: 'return tryStringifyJson(input) ?? "{";',
    replace: 'return "";',
  },
  {
    what: "believes that an answer with calls has stopped",
    caughtBy: EACH_FORM,
    file: "core/run/complete_answer.ts",
    find: 'return { events, finish: { ...finish, reason: "tool-calls" } };',
    replace: "return { events, finish };",
  },
  {
    what: "shows a call before its name",
    caughtBy: EACH_FORM,
    file: "core/openai/tool_calls.ts",
    find:
      'if (call.name === "" || (call.length === 0 && !isTool(call.name))) return;',
    replace: "",
  },
  {
    what: "takes a name that comes again for another call",
    caughtBy: EACH_FORM,
    file: "core/openai/call_router.ts",
    find:
      'return name !== known.name || (text.trim() !== "" && known.isWhole);',
    replace: "return true;",
  },
].map((mutant) => ({ ...mutant, target: OPENAI_COMPATIBLE }));

/** Ways in which a failover can be broken where its first route breaks off. */
export const FAILOVER_MUTANTS: readonly Mutant[] = [
  {
    what: "does not say that an answer begins anew",
    caughtBy: EACH_FORM,
    file: "failover/restart_writer.ts",
    find: "const event: ChatEvent = hasShown",
    replace: "const event: ChatEvent = false",
  },
  {
    what: "takes a piece of a call for nothing that was shown",
    caughtBy: EACH_FORM,
    file: "failover/restart_writer.ts",
    find: "hasShown ||= isContent(event);",
    replace: 'hasShown ||= event.type === "text";',
  },
];
