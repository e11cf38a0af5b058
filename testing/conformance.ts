import { within } from "./conformance/check.ts";
import { ABORT_CASES } from "./conformance/abort_cases.ts";
import { ABORT_DOWNLOAD_CASES } from "./conformance/abort_download_cases.ts";
import { CHUNK_LAW_CASES } from "./conformance/chunk_law_cases.ts";
import { CLOCK_CASES } from "./conformance/clock_cases.ts";
import { CUT_CASES } from "./conformance/cut_cases.ts";
import { FAILURE_CASES } from "./conformance/failure_cases.ts";
import { LAZY_CASES } from "./conformance/lazy_cases.ts";
import { ONE_END_CASES } from "./conformance/one_end_cases.ts";
import { RELEASE_CASES } from "./conformance/release_cases.ts";
import { SOCKET_CASES } from "./conformance/socket_cases.ts";
import type {
  CaseDefinition,
  ConformanceCase,
  ConformanceTarget,
} from "./conformance/target.ts";

/** How long a case may take, in milliseconds of real time. */
const CASE_TIME = 30_000;

const CASES: readonly CaseDefinition[] = [
  ...ONE_END_CASES,
  ...CUT_CASES,
  ...FAILURE_CASES,
  ...CHUNK_LAW_CASES,
  ...LAZY_CASES,
  ...CLOCK_CASES,
  ...ABORT_CASES,
  ...ABORT_DOWNLOAD_CASES,
  ...RELEASE_CASES,
  ...SOCKET_CASES,
];

/**
 * Gives what a provider has to do, each as a case that can be run anywhere.
 *
 * @example Usage
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { conformanceCases, createAiChatsUpstream } from "@parley/chat/testing";
 *
 * const [firstCase] = conformanceCases({
 *   name: "AiChats",
 *   create: createAiChats,
 *   upstream: createAiChatsUpstream,
 * });
 *
 * await firstCase?.run();
 * ```
 *
 * @param target The provider, its server, and facts about their protocol.
 * @returns The cases; those that do not concern the provider are left out.
 */
export function conformanceCases(
  target: ConformanceTarget,
): readonly ConformanceCase[] {
  return CASES
    .filter(({ concerns }) => concerns === undefined || concerns(target))
    .map(({ name, run }) => ({
      name: `${target.name} ${name}`,
      run: () => within(CASE_TIME, run(target), "The case"),
    }));
}

/**
 * Registers a test for everything that a provider has to do.
 *
 * @param target The provider, its server, and facts about their protocol.
 */
export function testProvider(target: ConformanceTarget): void {
  for (const { name, run } of conformanceCases(target)) Deno.test(name, run);
}
