import { assertEquals, assertMatch } from "@std/assert";
import { type Gateway, post } from "./_gateway.ts";
import type { Json } from "./_served.ts";

/** What becomes of a field. */
export type Fate = "sent" | "done" | "refused" | "told";

/** A value, and what becomes of it before a server that takes all, and none. */
export type Row = readonly [value: unknown, all: Fate, none: Fate];

/** The names by which a field is told of. */
function toNames(name: string): readonly string[] {
  const setting = name.replace(/completion_|output_/, "")
    .replaceAll(/[_.](\w)/g, (_, start) => start.toUpperCase());
  return [name, setting, `image.${name}`];
}

/**
 * Tells what becomes of a field.
 *
 * @param sent What the server is asked, as JSON.
 * @param value What of the field the server is sent, if anything.
 */
export async function findFate(
  gateway: Gateway,
  path: string,
  body: Json,
  name: string,
  sent: () => string,
  value: unknown = body[name],
): Promise<Fate> {
  const response = await post(gateway, path, body);
  const text = await response.text();
  if (response.status !== 200) {
    const { param, code } = JSON.parse(text).error;
    const field = name.replace(/\[.*/, "");
    assertEquals([response.status, param], [400, field]);
    assertMatch(code, /^(?:unsupported_parameter|invalid_value)$/);
    return "refused";
  }
  const told = [...text.matchAll(/\\"([\w.[\]]+)\\" is ignored/g)]
    .map(([, field = ""]) => field);
  if (told.some((field) => toNames(name).includes(field))) return "told";
  if (told.some((field) => field.startsWith(`${name}.`))) return "told";
  return sent().includes(`:${JSON.stringify(value)}`) ? "sent" : "done";
}
