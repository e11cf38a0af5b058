import type { Outcome } from "./_measure.ts";
import type { Figure } from "./_processes.ts";
import type { Target } from "./_targets.ts";

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
  { work: { title, size, count, unit, target, remark = "" }, timings }: Outcome,
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
  const words = `${size}.${aim} ${remark}`.trimEnd();
  return `## ${title}\n\n${words}\n\n${toTable([head, ...rows])}`;
}

/** Writes down single figures. */
export function toReport(
  title: string,
  figures: readonly Figure[],
  remark = "",
): string {
  const rows = figures.map(({ name, value }) => [name, value]);
  const table = toTable([["what", "figure"], ...rows]);
  return [`## ${title}`, remark, table].filter(Boolean).join("\n\n");
}

/** Writes down what is to be reached, and what is. */
export function toTargetTable(targets: readonly Target[]): string {
  const rows = targets.map(({ name, limit, measured, unit }) => [
    name,
    `${limit.toFixed(2)} ${unit}`,
    `${measured.toFixed(2)} ${unit}`,
    measured <= limit ? "yes" : "no",
  ]);
  const head = ["what", "at most", "measured", "reached"];
  return `## Targets\n\n${toTable([head, ...rows])}`;
}
