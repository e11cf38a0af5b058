import type { ProviderDefinition, RunContext } from "../../core/provider.ts";
import type { ChatEvent, Provider } from "../../mod.ts";
import { createParrot, FINISH, toTextEvent } from "../_parrot.ts";

/** A step of a script: text, calls in short (`name{"input"}`), or a failure. */
export type Step = string | readonly string[] | Error;

function toEvents(step: Step, turn: number): readonly ChatEvent[] {
  if (step instanceof Error) throw step;
  if (typeof step === "string") return [toTextEvent(step), FINISH];
  const calls = step.map((call, index): ChatEvent => ({
    type: "tool-call-delta",
    index,
    id: `${turn}.${index}`,
    name: call.slice(0, call.indexOf("{")),
    text: call.slice(call.indexOf("{")),
  }));
  return [...calls, FINISH];
}

/** Makes a provider that answers by a script. */
export function createScripted(
  steps: readonly Step[],
  definition: Partial<ProviderDefinition> = {},
): { readonly provider: Provider; readonly runs: RunContext[] } {
  const runs: RunContext[] = [];
  const { provider } = createParrot({
    async *respond(run) {
      runs.push(run);
      yield* toEvents(steps[runs.length - 1] ?? "over", runs.length);
    },
    definition: {
      toolSupport: "native",
      outputSupport: "schema",
      settings: ["stream"],
      ...definition,
    },
  });
  return { provider, runs };
}
