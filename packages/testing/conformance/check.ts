/** What the suite throws where a provider does not keep a promise. */
export class ConformanceError extends Error {
  /** The name of the class. */
  override readonly name: string = "ConformanceError";
}

/**
 * Checks a condition.
 *
 * @throws {ConformanceError} If it is false.
 */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message);
}

/**
 * Checks that two values are the same as JSON, `undefined` included.
 *
 * @throws {ConformanceError} If they are not.
 */
export function checkEquals(
  actual: unknown,
  expected: unknown,
  what: string,
): void {
  const [shown, wanted] = [toText(actual), toText(expected)];
  check(shown === wanted, `${what} is ${shown}, not ${wanted}`);
}

function toText(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, member) => member === undefined ? "undefined" : member,
  );
}

/**
 * Waits no longer than so many milliseconds of real time.
 *
 * @throws {ConformanceError} If the promise does not settle in time.
 */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  what = "It",
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new ConformanceError(`${what} takes over ${ms} ms`);
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
