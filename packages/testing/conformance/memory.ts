interface Runtime {
  readonly process?: { readonly memoryUsage?: () => Usage };
}

interface Usage {
  readonly heapUsed: number;
  readonly external: number;
}

/**
 * Makes a function that counts how many bytes are in use, garbage apart;
 * `undefined` where the runtime does not say. Of this program alone, for that
 * of the whole process depends on what else runs in it.
 */
export async function createMemoryReader(): Promise<
  (() => number) | undefined
> {
  const { process } = globalThis as Runtime;
  const memoryUsage = process?.memoryUsage;
  if (memoryUsage === undefined) return undefined;
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  return () => {
    collectGarbage();
    const { heapUsed, external } = memoryUsage();
    return heapUsed + external;
  };
}
