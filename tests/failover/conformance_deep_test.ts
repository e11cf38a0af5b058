// A failover is a provider: what each of them promises, it promises too.
import { createFailover, type OnPartial } from "../../failover/mod.ts";
import {
  conformanceCases,
  type ConformanceTarget,
  testProvider,
} from "@parley/testing";
import { CHAT_UI, OPENAI_COMPATIBLE } from "../_providers.ts";
import { toBrokenFirst } from "./_broken_first.ts";

/** A failover with one route, which bears the name of its provider. */
function toTarget(
  target: ConformanceTarget,
  onPartial: OnPartial,
): ConformanceTarget {
  const { tools } = target;
  return {
    ...target,
    ...(tools && {
      tools: { ...tools, showsPieces: onPartial === "restart" },
    }),
    name: `Failover (${onPartial}) to ${target.name}`,
    create: (options) =>
      createFailover([target.create(options)], {
        id: target.name,
        onPartial,
        timeouts: options.timeouts,
        limits: options.limits,
        clock: options.clock,
        random: options.random,
      }),
    keepsConversation: true,
  };
}

testProvider(toTarget(CHAT_UI, "restart"));
testProvider(toTarget(OPENAI_COMPATIBLE, "restart"));
testProvider(toTarget(OPENAI_COMPATIBLE, "match"));

const BROKEN_FIRST = toBrokenFirst(OPENAI_COMPATIBLE, createFailover);
for (const { name, run } of conformanceCases(BROKEN_FIRST)) {
  if (/ hands out /.test(name)) Deno.test(name, run);
}
