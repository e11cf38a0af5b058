import { isProviderError } from "@parley/chat";
import { toPrintable } from "./printable.ts";
import { toStyle } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** Tells on standard error what went wrong. */
export async function complain(
  error: unknown,
  terminal: Terminal,
): Promise<void> {
  const label = toStyle(terminal, "errors")("red", "error:");
  await terminal.writeError(`${label} ${toPrintable(toSentence(error))}\n`);
}

function toSentence(error: unknown): string {
  if (isProviderError(error)) {
    const { message, code, retryAfter } = error;
    const wait = retryAfter === undefined
      ? ""
      : `; try again in ${Math.ceil(retryAfter / 1000)} s`;
    return `${message} (${code}${wait})`;
  }
  return error instanceof Error ? error.message : String(error);
}
