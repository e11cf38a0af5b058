import { type Health, probe } from "@parley/chat/health";
import type { Provider } from "@parley/chat";

/** How a public site is. */
export interface SiteHealth extends Pick<Health, "verdict" | "reason"> {
  /** The id of the provider. */
  readonly id: string;
  readonly site: string;
}

/** Milliseconds for each answer. */
const DEADLINE = 60_000;

/** Writes text of others as one cell of a table. */
function toCell(text: string): string {
  const line = text.replaceAll(/[\s|]+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** Asks a public site as little as shows how it is. */
export async function probeSite(provider: Provider): Promise<SiteHealth> {
  const { id, url } = provider;
  const { verdict, reason } = await probe(provider, { timeout: DEADLINE });
  return { id, site: new URL(url).host, verdict, reason: toCell(reason) };
}

/** Writes how sites are as a dated table. */
export function toTable(sites: readonly SiteHealth[], date: Date): string {
  const rows = sites.map(({ id, site, verdict, reason }) =>
    `| \`${id}\` | ${site} | ${verdict} | ${reason} |\n`
  );
  return `Asked on ${date.toISOString().slice(0, 10)}:\n\n` +
    "| id | site | verdict | reason |\n" +
    `| --- | --- | --- | --- |\n${rows.join("")}`;
}
