import { type ErrorCode, isProviderError } from "@parley/chat";

/** How the program ends. */
export const EXIT_CODE = {
  ok: 0,
  failure: 1,
  usage: 2,
  refused: 3,
  network: 4,
  incomplete: 5,
  aborted: 130,
} as const;

/** One of {@linkcode EXIT_CODE}. */
export type ExitCode = typeof EXIT_CODE[keyof typeof EXIT_CODE];

/** A command line, a setting or a file that makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const EXIT_CODES: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  "invalid-request": EXIT_CODE.usage,
  "unknown-provider": EXIT_CODE.usage,
  "unknown-model": EXIT_CODE.usage,
  "unsupported": EXIT_CODE.usage,
  "context-length": EXIT_CODE.refused,
  "content-filter": EXIT_CODE.refused,
  "authentication": EXIT_CODE.refused,
  "not-found": EXIT_CODE.refused,
  "conversation-expired": EXIT_CODE.refused,
  "conflict": EXIT_CODE.refused,
  "rate-limit": EXIT_CODE.refused,
  "network": EXIT_CODE.network,
  "timeout": EXIT_CODE.network,
  "incomplete": EXIT_CODE.incomplete,
};

/** Tells how the program ends because of an error. */
export function toExitCode(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT_CODE.usage;
  if (!isProviderError(error)) return EXIT_CODE.failure;
  return EXIT_CODES[error.code] ?? EXIT_CODE.failure;
}
