/**
 * What steers a terminal: control characters but for tab and line feed, and
 * those that turn the direction of what stands beside them.
 */
const STEERING = /(?![\t\n])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

/** Takes what steers a terminal out of a text of others. */
export function toPrintable(text: string): string {
  return text.replace(STEERING, "");
}

/** Makes one printable line of a text of others, and shortens it. */
export function toPrintableLine(text: string, maxLength = 200): string {
  const line = toPrintable(text.replaceAll(/\s+/g, " ")).trim();
  const letters = Array.from(line);
  return letters.length > maxLength
    ? `${letters.slice(0, maxLength - 1).join("")}…`
    : line;
}
