import { isProviderError, type Provider } from "@parley/chat";
import { type Health, probe } from "@parley/chat/health";
import { chooseModel } from "../models/choose_model.ts";
import { listModels, toParagraph } from "../models/list_models.ts";
import {
  createServer,
  findServerName,
  hasOpenAi,
  listServerNames,
  type Server,
  type ServerContext,
} from "../models/server.ts";
import { readSettings } from "../settings/settings.ts";
import { readCommandLine } from "../terminal/command_line.ts";
import { EXIT_CODE, type ExitCode, UsageError } from "../terminal/exit_code.ts";
import { toPrintable, toPrintableLine } from "../terminal/printable.ts";
import { toStyle } from "../terminal/style.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { toSuggestion } from "../terminal/suggestion.ts";

const HELP = `List the models of all servers, or of those that are named.

Usage: parley models [options] [SERVER...]

  --probe           ask each server as little as shows whether it answers; a
                    model may be named as "server/model"
  --base-url URL    another server that speaks like OpenAI's, or as SERVER does
  --json            print JSON: a server a line
  --help            print this

OpenAI is listed where OPENAI_API_KEY is set. With --probe the exit code is 0
where one of them answers, else 1.
`;

/** Lists models, or tells which servers answer. */
export async function models(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const line = readCommandLine(args, {
    flags: ["json", "probe"],
    values: ["base-url"],
  });
  if (line.has("help")) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  using interruption = terminal.watchInterruption();
  const { signal } = interruption;
  const { environment } = terminal;
  const settings = await readSettings(environment);
  const context = { settings, environment };
  const baseUrl = line.get("base-url");
  const names = line.words.length > 0
    ? line.words
    : baseUrl === undefined
    ? listUsableNames(context)
    : ["server"];
  const isJson = line.has("json");
  try {
    return line.has("probe")
      ? await probeAll(names, { baseUrl, isJson, context, terminal, signal })
      : await listAll(names, { baseUrl, isJson, context, terminal, signal });
  } catch (error) {
    if (signal.aborted) return EXIT_CODE.aborted;
    throw error;
  }
}

interface Task {
  readonly baseUrl: string | undefined;
  readonly isJson: boolean;
  readonly context: ServerContext;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

function listUsableNames(context: ServerContext): readonly string[] {
  return listServerNames(context)
    .filter((name) => name !== "openai" || hasOpenAi(context));
}

async function listAll(
  names: readonly string[],
  { baseUrl, isJson, context, terminal, signal }: Task,
): Promise<ExitCode> {
  const servers: readonly Server[] = await Promise.all(
    names.map(async (written) => {
      const name = findServerName(written, context);
      if (name !== undefined) {
        return await createServer({ name, baseUrl }, context);
      }
      const known = listServerNames(context);
      const suggestion = toSuggestion(written, known) ||
        `: it is none of ${known.join(", ")}`;
      throw new UsageError(`Server "${written}" is unknown${suggestion}`);
    }),
  );
  const listed = await Promise.all(
    servers.map((server) => listModels(server, signal)),
  );
  for (const server of listed) {
    await terminal.write(
      isJson
        ? `${JSON.stringify(server)}\n`
        : toPrintable(`${toParagraph(server)}\n`),
    );
  }
  return EXIT_CODE.ok;
}

async function probeAll(
  names: readonly string[],
  { baseUrl, isJson, context, terminal, signal }: Task,
): Promise<ExitCode> {
  const style = toStyle(terminal, "output");
  let isAnswered = false;
  await Promise.all(names.map(async (name) => {
    const health = await probeModel(name, baseUrl, context, signal);
    const { verdict, ms, reason, provider, model, error } = health;
    const isGood = verdict === "ok" || verdict === "slow";
    isAnswered ||= isGood;
    const place = toPrintableLine(
      model === "" ? provider : `${provider}/${model}`,
    );
    await terminal.write(
      isJson
        ? `${JSON.stringify({ provider, model, verdict, ms, reason, error })}\n`
        : `${style(isGood ? "green" : "red", verdict.padEnd(12))}  ${place}  ${
          style("dim", `${ms} ms  ${toPrintableLine(reason)}`)
        }\n`,
    );
  }));
  return isAnswered ? EXIT_CODE.ok : EXIT_CODE.failure;
}

/** Probes a model, or a server; one that does not list its models is asked, too. */
async function probeModel(
  name: string,
  baseUrl: string | undefined,
  context: ServerContext,
  signal: AbortSignal,
): Promise<Health> {
  let choice: { readonly provider: Provider; readonly model?: string };
  try {
    choice = await chooseModel({ model: name, baseUrl }, context, signal);
  } catch (error) {
    if (!isProviderError(error) || error.code === "unknown-model") throw error;
    // What the server says to a question is what tells how it is.
    choice = await createServer(
      { name: findServerName(name, context), baseUrl },
      context,
    );
  }
  const { provider, model = "unknown" } = choice;
  return await probe(provider, { model, signal });
}
