/** What has to be true at the end of the demo. */
export class Checks {
  #count = 0;
  readonly #missing: string[] = [];

  /** What was not true. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /**
   * Notes whether something is true.
   *
   * @param isTrue Whether it is.
   * @param what What it is.
   */
  expect(isTrue: boolean, what: string): void {
    this.#count++;
    if (!isTrue) this.#missing.push(what);
  }
}

/** Whether bytes begin as every PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  return signature.every((byte, index) => bytes[index] === byte);
}
