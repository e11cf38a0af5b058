// Narrower than the real signature, which infers dotted and aliased names too:
// what passes here passes there.

type Value<
  K extends string,
  B extends string,
  C extends string,
  D extends Record<string, unknown>,
> = K extends B ? boolean
  : K extends C ? string[]
  : K extends keyof D ? string | D[K]
  : string | undefined;

export interface ParseOptions<
  B extends string,
  S extends string,
  C extends S,
  D extends Record<string, unknown>,
> {
  alias?: Record<string, string | readonly string[]>;
  boolean?: readonly B[];
  string?: readonly S[];
  collect?: readonly C[];
  default?: D;
  negatable?: readonly B[];
  stopEarly?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

export function parseArgs<
  B extends string = never,
  S extends string = never,
  C extends S = never,
  D extends Record<string, unknown> = Record<never, never>,
>(
  args: string[],
  options?: ParseOptions<B, S, C, D>,
):
  & { [K in B | S]: Value<K, B, C, D> }
  & { _: (string | number)[] };
