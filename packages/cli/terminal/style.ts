import { styleText } from "node:util";
import type { Terminal } from "./terminal.ts";

/** How a text looks. */
export type Look = Parameters<typeof styleText>[0];

/** Gives a text a look, and leaves the terminal as it was. */
export type Style = (look: Look, text: string) => string;

/** Gives every text the look. */
export function applyLook(look: Look, text: string): string {
  return text === "" ? "" : styleText(look, text, { validateStream: false });
}

/** Leaves texts as they are. */
export function keepPlain(_look: Look, text: string): string {
  return text;
}

/** Whether a stream is to have colours: `NO_COLOR` counts most. */
function hasColor(
  { environment, isTerminal }: Terminal,
  stream: "output" | "errors",
): boolean {
  if (environment.get("NO_COLOR")) return false;
  const force = environment.get("FORCE_COLOR");
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTerminal[stream] && environment.get("TERM") !== "dumb";
}

/** Finds how texts of a stream look. */
export function toStyle(
  terminal: Terminal,
  stream: "output" | "errors",
): Style {
  return hasColor(terminal, stream) ? applyLook : keepPlain;
}
