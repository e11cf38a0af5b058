import { ABORT_CASES } from "./abort_cases.ts";
import { ABORT_DOWNLOAD_CASES } from "./abort_download_cases.ts";
import { ATTEMPT_CASES } from "./attempt_cases.ts";
import { BOUND_CASES } from "./bound_cases.ts";
import { within } from "./check.ts";
import { CHUNK_LAW_CASES } from "./chunk_law_cases.ts";
import { CLOCK_CASES } from "./clock_cases.ts";
import { CLOSED_DOOR_CASES } from "./closed_door_cases.ts";
import { CUT_CASES } from "./cut_cases.ts";
import { FAILURE_CASES } from "./failure_cases.ts";
import { FOREIGN_URL_CASES } from "./foreign_url_cases.ts";
import { FORM_CASES } from "./form_cases.ts";
import { IMAGE_CASES } from "./image_cases.ts";
import { LAZY_CASES } from "./lazy_cases.ts";
import { ONE_END_CASES } from "./one_end_cases.ts";
import { PULL_CASES } from "./pull_cases.ts";
import { QUESTION_CASES } from "./question_cases.ts";
import { REDIRECT_CASES } from "./redirect_cases.ts";
import { RELEASE_CASES } from "./release_cases.ts";
import { REPEAT_CASES } from "./repeat_cases.ts";
import { RETRY_AFTER_CASES } from "./retry_after_cases.ts";
import { SECRET_CASES } from "./secret_cases.ts";
import { SOCKET_CASES } from "./socket_cases.ts";
import { watchServers } from "./server_failures.ts";
import { STATE_CASES } from "./state_cases.ts";
import { TOOL_CASES } from "./tool_cases.ts";
import type {
  CaseDefinition,
  ConformanceCase,
  ConformanceTarget,
} from "./target.ts";

/** Options of {@linkcode conformanceCases}. */
export interface ConformanceOptions {
  /**
   * How long a case may take, in milliseconds of real time.
   *
   * @default {30_000}
   */
  readonly timeout?: number | undefined;
  /**
   * Whether cases that cut an answer in many places cut it in every one, those
   * that fail in many ways fail in all, and those that read a long answer read a
   * longer one.
   *
   * @default {false}
   */
  readonly isThorough?: boolean | undefined;
}

/** Functions, so that a bundle of the rest of the module leaves them out. */
function listCases(): readonly CaseDefinition[] {
  return [
    ...ONE_END_CASES,
    ...CUT_CASES,
    ...FAILURE_CASES,
    ...CHUNK_LAW_CASES,
    ...LAZY_CASES,
    ...FORM_CASES,
    ...ATTEMPT_CASES,
    ...REPEAT_CASES,
    ...RETRY_AFTER_CASES,
    ...BOUND_CASES,
    ...CLOSED_DOOR_CASES,
    ...QUESTION_CASES,
    ...SECRET_CASES,
    ...IMAGE_CASES,
    ...ABORT_DOWNLOAD_CASES,
    ...FOREIGN_URL_CASES,
    ...REDIRECT_CASES,
    ...STATE_CASES,
    ...TOOL_CASES,
  ];
}

/** What can only be seen while an answer comes in pieces. */
function listStreamCases(): readonly CaseDefinition[] {
  return [
    ...CLOCK_CASES,
    ...ABORT_CASES,
    ...RELEASE_CASES,
    // Elsewhere connections that nobody uses are kept for the next request.
    ...("Deno" in globalThis ? SOCKET_CASES : []),
    ...PULL_CASES,
  ];
}

/**
 * Gives what a provider has to do, each as a case to be run with any
 * test runner.
 *
 * @example Usage
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { conformanceCases, createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const [firstCase] = conformanceCases({
 *   name: "AiChats",
 *   create: createAiChats,
 *   upstream: createAiChatsUpstream,
 * });
 *
 * assertEquals(
 *   firstCase?.name,
 *   "AiChats ends with one finish event, and its text is whole",
 * );
 * await firstCase?.run();
 * ```
 *
 * @param target The provider, its server, and facts about their protocol.
 * @param options How long a case may take.
 * @returns The cases; those that do not concern the provider are left out.
 */
export function conformanceCases(
  target: ConformanceTarget,
  { timeout = 30_000, isThorough = false }: ConformanceOptions = {},
): readonly ConformanceCase[] {
  const { isStreamed = true } = target;
  const { watched, explain } = watchServers(target);
  return [...listCases(), ...(isStreamed ? listStreamCases() : [])]
    .filter(({ concerns }) => concerns === undefined || concerns(target))
    .map(({ name, run }) => ({
      name: `${target.name} ${name}`,
      run: () =>
        explain(within(timeout, run(watched, { isThorough }), "The case")),
    }));
}

/**
 * Registers a test for everything that a provider has to do.
 *
 * The tests need `--allow-net=127.0.0.1`, as some of them ask a server on a
 * socket, and no other permission but those of the provider itself.
 *
 * @example Usage
 * ```ts ignore
 * // In a file of tests, for a test cannot register others.
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream, testProvider } from "@parley/testing";
 *
 * testProvider({
 *   name: "AiChats",
 *   create: createAiChats,
 *   upstream: createAiChatsUpstream,
 * });
 * ```
 *
 * @param target The provider, its server, and facts about their protocol.
 */
export function testProvider(target: ConformanceTarget): void {
  for (const { name, run } of conformanceCases(target)) Deno.test(name, run);
}
