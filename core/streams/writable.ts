/**
 * What may be written in here and only read elsewhere. Types only.
 *
 * @module
 */

/** The same fields, to be written. */
export type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
