import type { SettingKind } from "./setting_kinds.ts";

/** One thing that can be set for `parley serve`. */
export interface Setting<T = unknown> {
  /** What it takes. */
  readonly kind: SettingKind<T>;
  /** What it is, as the help and the documentation say it. */
  readonly about: string;
  /** What holds where it is not set, in words. */
  readonly byDefault?: string;
  /** A value, as a command line has it. */
  readonly example: string;
}

/** Writes a path in another way: `limits.bodyBytes` as `limits-body-bytes`. */
function toWords(path: string, separator: string): string {
  return path.replaceAll(".", separator).replace(
    /[A-Z]/g,
    (letter) => `${separator}${letter.toLowerCase()}`,
  );
}

/**
 * Names the flag of a setting.
 *
 * @param path The path of the setting, such as `limits.bodyBytes`.
 * @returns Its name without dashes before it.
 */
export function toFlag(path: string): string {
  return toWords(path, "-");
}

/**
 * Names the variable of a setting.
 *
 * @param path The path of the setting, such as `limits.bodyBytes`.
 */
export function toVariable(path: string): string {
  return `PARLEY_${toWords(path, "_").toUpperCase()}`;
}
