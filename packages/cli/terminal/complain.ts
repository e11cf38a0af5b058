import { isProviderError, type ProviderError } from "@parley/chat";
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

/** Says what may help. */
function toAdvice({ code, provider }: ProviderError): string {
  switch (code) {
    case "authentication": {
      const name = provider === "openai" ? "OPENAI_API_KEY" : "PARLEY_API_KEY";
      return `: its key is ${name}, or in keys.json`;
    }
    case "unknown-model":
      return ': see "parley models"';
    default:
      return "";
  }
}

function toSentence(error: unknown): string {
  if (isProviderError(error)) {
    const { message, code, retryAfter } = error;
    const wait = retryAfter === undefined
      ? ""
      : `; try again in ${Math.ceil(retryAfter / 1000)} s`;
    return `${message} (${code}${wait})${toAdvice(error)}`;
  }
  return error instanceof Error ? error.message : String(error);
}
