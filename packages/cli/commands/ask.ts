import type { ContentPart, FinishReason } from "@parley/chat";
import { abortable } from "@parley/chat/provider";
import { openTalk, TALK_HELP, TALK_OPTIONS } from "../answers/open_talk.ts";
import { printAnswer } from "../answers/print_answer.ts";
import { readPicture } from "../answers/picture_file.ts";
import { readCommandLine } from "../terminal/command_line.ts";
import { EXIT_CODE, type ExitCode, UsageError } from "../terminal/exit_code.ts";
import type { Terminal } from "../terminal/terminal.ts";

const HELP = `Ask one question.

Usage: parley [ask] [options] [QUESTION]

What is piped in goes before the question, or is the question.

${TALK_HELP}  --image FILE|URL     a picture to look at; may be there several times
  --out FILE           where a picture that the model makes goes
  --json               print each event of the answer as one line of JSON
  --help               print this

Only the answer goes to standard output. A picture is a line with its path, its
URL, or a data: URL. Warnings and errors go to standard error.

With --json the line of type "conversation" may carry session cookies: store it
like a password.
`;

const CODES: Readonly<Partial<Record<FinishReason, ExitCode>>> = {
  "content-filter": EXIT_CODE.refused,
  "interrupted": EXIT_CODE.incomplete,
};

/** Asks one question. */
export async function ask(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const line = readCommandLine(args, {
    flags: [...TALK_OPTIONS.flags, "json"],
    values: [...TALK_OPTIONS.values, "out"],
    lists: [...TALK_OPTIONS.lists, "image"],
    alias: TALK_OPTIONS.alias,
  });
  if (line.has("help")) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  using interruption = terminal.watchInterruption();
  const { signal } = interruption;
  try {
    const question = await readQuestion(line.words, terminal, signal);
    const pictures = await Promise.all(line.list("image").map(readPicture));
    using opened = await openTalk(line, terminal, signal);
    const reason = await printAnswer(
      opened.talk,
      toContent(question, pictures),
      terminal,
      { out: line.get("out"), isJson: line.has("json"), signal },
    );
    return CODES[reason] ?? EXIT_CODE.ok;
  } catch (error) {
    if (signal.aborted) return EXIT_CODE.aborted;
    throw error;
  }
}

/** Puts what is piped in before what is asked about it. */
async function readQuestion(
  words: readonly string[],
  { input, isTerminal }: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const asked = words.filter((word) => word !== "-").join(" ");
  const piped = isTerminal.input && !words.includes("-")
    ? ""
    : (await abortable(new Response(input).text(), signal)).trimEnd();
  const question = [piped, asked].filter((part) => part !== "").join("\n\n");
  if (question === "") {
    throw new UsageError('There is no question: see "parley --help"');
  }
  return question;
}

function toContent(
  question: string,
  pictures: readonly ContentPart[],
): string | readonly ContentPart[] {
  return pictures.length === 0
    ? question
    : [{ type: "text", text: question }, ...pictures];
}
