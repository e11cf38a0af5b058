import type * as z from "zod/mini";

/** What a setting takes, and how it is read. */
export interface SettingKind<T> {
  /** What stands for it in the help; empty where nothing follows a flag. */
  readonly placeholder: string;
  /** What it must be, in words. */
  readonly wanted: string;
  /**
   * Reads a value: text of a command line or a variable, or JSON of a file.
   *
   * @returns The value, or `undefined` where it is wrong.
   */
  read(value: unknown): T | undefined;
}

/** What stands for `null` in a command line. */
const NONE = "none";

/** Reads text with a number and its unit. */
function readUnits(
  value: unknown,
  units: Readonly<Record<string, number>>,
): number | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) ? value : undefined;
  }
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(
    String(value),
  ) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (number === undefined || factor === undefined) return undefined;
  const amount = Number(number) * factor;
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** Text of some length. */
export function text(
  placeholder: string,
  wanted: string,
  minLength = 1,
): SettingKind<string> {
  return {
    placeholder,
    wanted,
    read: (value) =>
      typeof value === "string" && value.trim().length >= minLength
        ? value.trim()
        : undefined,
  };
}

/** One of some words. */
export function oneOf<const T extends string>(
  ...words: readonly T[]
): SettingKind<T> {
  return {
    placeholder: words.join("|"),
    wanted: words.map((word) => `"${word}"`).join(" or "),
    read: (value) => words.find((word) => word === value),
  };
}

/** Texts, with commas between them. */
export function list(
  placeholder: string,
  wanted: string,
): SettingKind<readonly string[]> {
  return {
    placeholder: `${placeholder},…`,
    wanted: `${wanted}, with commas between them`,
    read(value) {
      const words: readonly unknown[] = Array.isArray(value)
        ? value
        : typeof value === "string"
        ? value.split(",").map((word) => word.trim()).filter(Boolean)
        : [undefined];
      return words.length > 0 &&
          words.every((word) => typeof word === "string")
        ? words
        : undefined;
    },
  };
}

/** Yes or no. */
export const flag: SettingKind<boolean> = {
  placeholder: "",
  wanted: "true or false",
  read: (value) =>
    typeof value === "boolean"
      ? value
      : value === "true" || value === "false"
      ? value === "true"
      : undefined,
};

/** A whole number. */
export function integer(from: number, to?: number): SettingKind<number> {
  return {
    placeholder: "NUMBER",
    wanted: `a whole number from ${from}${to === undefined ? "" : ` to ${to}`}`,
    read(value) {
      const number = typeof value === "string" && /^\d+$/.test(value)
        ? Number(value)
        : value;
      return Number.isSafeInteger(number) && Number(number) >= from &&
          Number(number) <= (to ?? Infinity)
        ? Number(number)
        : undefined;
    },
  };
}

/** A time with its unit: nobody has to know which one is meant. */
export const duration: SettingKind<number> = {
  placeholder: "TIME",
  wanted: "a time with its unit, such as 500ms, 30s or 5m",
  read: (value) =>
    readUnits(value, {
      ms: 1,
      s: 1_000,
      m: 60_000,
      h: 3_600_000,
      d: 86_400_000,
    }),
};

/** A size. */
export const bytes: SettingKind<number> = {
  placeholder: "BYTES",
  wanted: "a number of bytes, such as 500000, 500kB or 4MiB",
  read: (value) =>
    readUnits(value, {
      "": 1,
      B: 1,
      kB: 1_000,
      KiB: 1_024,
      MB: 1_000_000,
      MiB: 1_048_576,
    }),
};

/** What may be turned off. */
export function optional<T>(kind: SettingKind<T>): SettingKind<T | null> {
  return {
    placeholder: `${kind.placeholder}|${NONE}`,
    wanted: `${kind.wanted}, or "${NONE}"`,
    read: (value) => value === NONE || value === null ? null : kind.read(value),
  };
}

/** An object, as JSON. */
export function json<T>(
  wanted: string,
  schema: z.ZodMiniType<T>,
): SettingKind<T> {
  return {
    placeholder: "JSON",
    wanted,
    read(value) {
      try {
        const read = typeof value === "string" ? JSON.parse(value) : value;
        return schema.safeParse(read).data;
      } catch {
        return undefined;
      }
    },
  };
}
