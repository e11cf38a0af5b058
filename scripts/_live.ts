import { isProviderError, type Provider } from "@parley/chat";

/** What became of a question to a public site. */
export interface SiteOutcome {
  /** The id of the provider. */
  readonly id: string;
  readonly site: string;
  /**
   * Whether it answered, did not want to, is not there, or is another than the
   * provider knows.
   */
  readonly outcome: "answered" | "refused" | "gone" | "changed";
  /** What it said, or why it did not. */
  readonly reason: string;
}

/** What is asked. */
const QUESTION = "Name three rivers, in one short sentence.";

/** Milliseconds for each answer. */
const DEADLINE = 60_000;

/** What an error means for a site; the others mean that it has changed. */
const OUTCOMES: Readonly<Record<string, SiteOutcome["outcome"]>> = {
  "authentication": "refused",
  "invalid-request": "refused",
  "rate-limit": "refused",
  "unknown-model": "refused",
  "upstream": "refused",
  "network": "gone",
  "not-found": "gone",
  "timeout": "gone",
};

/** Writes text of others as one cell of a table. */
function toCell(text: string): string {
  const line = text.replaceAll(/[\s|]+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** Asks a public site one question. */
export async function askSite(provider: Provider): Promise<SiteOutcome> {
  const { id, url } = provider;
  const site = new URL(url).host;
  try {
    const { text } = await provider.generate(QUESTION, {
      timeouts: { total: DEADLINE },
      maxRetries: 0,
    });
    return text.trim() === ""
      ? { id, site, outcome: "changed", reason: "its answer has no text" }
      : { id, site, outcome: "answered", reason: toCell(text) };
  } catch (error) {
    const code = isProviderError(error) ? error.code : "";
    const reason = toCell(error instanceof Error ? error.message : "unknown");
    return { id, site, outcome: OUTCOMES[code] ?? "changed", reason };
  }
}

/** Writes outcomes as a dated table. */
export function toTable(outcomes: readonly SiteOutcome[], date: Date): string {
  const rows = outcomes.map(({ id, site, outcome, reason }) =>
    `| \`${id}\` | ${site} | ${outcome} | ${reason} |\n`
  );
  return `Asked on ${date.toISOString().slice(0, 10)}:\n\n` +
    "| id | site | outcome | what it said, or why not |\n" +
    `| --- | --- | --- | --- |\n${rows.join("")}`;
}
