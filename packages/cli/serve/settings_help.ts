import { type Setting, toFlag } from "./setting.ts";
import { GROUPS } from "./settings_table.ts";

const WIDTH = 80;

/** Breaks a text into lines. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent.slice(1);
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== "") {
      lines.push(line);
      line = indent.slice(1);
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

function toAbout({ about, byDefault }: Setting): string {
  return byDefault === undefined ? about : `${about} (default: ${byDefault})`;
}

function toEntry([path, setting]: readonly [string, Setting]): string {
  const { placeholder } = setting.kind;
  const flag = toFlag(path);
  const usage = placeholder === ""
    ? `--${flag}, --no-${flag}`
    : `--${flag} ${placeholder}`;
  return `  ${usage}\n${wrap(toAbout(setting), " ".repeat(8))}\n`;
}

const GROUP_TEXTS = Object.entries(GROUPS).map(([title, settings]) =>
  `${title}:\n${Object.entries(settings).map(toEntry).join("")}`
);

/** What `--help` says. */
export const HELP =
  `Serve a gateway that speaks like OpenAI's, with a page to chat.

Usage: parley serve [options]

Where no provider is configured it serves models that come with the library:
they need no network, and "demo-failover" breaks off every other time, to show
how another model takes over.

Each option is a variable, too, and an entry of the file: --limits-body-bytes is
PARLEY_LIMITS_BODY_BYTES, and {"limits": {"bodyBytes": "4MiB"}}. An option goes
before its variable, and the variable before the file. Others on this machine
may see a command line: keep keys in variables or the file.

${GROUP_TEXTS.join("\n")}
Each request to /v1/ is one line of JSON on standard error, with what upstreams
said where they failed. Ctrl-C stops.
`;
