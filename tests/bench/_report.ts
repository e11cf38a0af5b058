import type { Timing, Work } from "./_measure.ts";
import type { Figure } from "./_processes.ts";

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    return `| ${cells.join(" | ")} |`;
  });
  const rule = widths.map((width) => "-".repeat(width));
  return [lines[0], `| ${rule.join(" | ")} |`, ...lines.slice(1)].join("\n");
}

/** Writes down how long each contestant took. */
export function toWorkTable(
  { title, size, count, unit, target }: Work,
  timings: readonly Timing[],
): string {
  const [bare, own] = timings;
  const rows = timings.map(({ name, ms }) => [
    name,
    `${ms.toFixed(1)} ms`,
    `${(ms * 1_000 / count).toFixed(2)} µs`,
    `${(ms / (bare?.ms ?? NaN)).toFixed(2)} x`,
    `${(ms / (own?.ms ?? NaN)).toFixed(2)} x`,
  ]);
  const head = ["who", "median", `each ${unit}`, "to the first", "to ours"];
  const aim = target === undefined
    ? ""
    : ` Ours is to take at most ${target.toFixed(2)} x.`;
  return `## ${title}\n\n${size}.${aim}\n\n${toTable([head, ...rows])}`;
}

/** Writes down single figures. */
export function toReport(title: string, figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value }) => [name, value]);
  return `## ${title}\n\n${toTable([["what", "figure"], ...rows])}`;
}
