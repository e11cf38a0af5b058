let readings = 0;

/**
 * Reads the body of a request. A page does so in another process: meanwhile a
 * clock that stands still must not take anything for waiting.
 */
export async function readFrom<T>(reading: Promise<T>): Promise<T> {
  readings++;
  try {
    return await reading;
  } finally {
    readings--;
  }
}

/** Whether the body of a request is being read. */
export function isReading(): boolean {
  return readings > 0;
}
