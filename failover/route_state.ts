/**
 * What is known of routes, and where it is kept.
 *
 * @module
 */

/**
 * What is known of a route. Plain JSON; it shows nothing of what was asked or
 * answered.
 */
export interface RouteState {
  /** How often it has failed in a row. */
  readonly failures: number;
  /**
   * Until when it is not asked, in milliseconds since 1970; absent while it is
   * closed, which is to say that all is well.
   */
  readonly openUntil?: number;
  /**
   * The cool-down of its last opening, in milliseconds: doubled with each probe
   * that fails.
   */
  readonly coolDown?: number;
  /**
   * A probe is under way, and its claim lapses then, in milliseconds since
   * 1970.
   */
  readonly probeUntil?: number;
  /** Milliseconds to its first token, a moving average. */
  readonly firstTokenMs?: number;
  /** When that was last measured, in milliseconds since 1970. */
  readonly measuredAt?: number;
}

/**
 * Keeps what is known of routes, and what a gateway counts. What it gives back
 * is checked by who asks: a store keeps JSON, and need not know what it means.
 *
 * A store may fail, be slow or forget: the routes that it does not know
 * count as closed, no run fails, and none waits for it for longer than a
 * second.
 */
export interface RouteStore {
  /**
   * Reads states.
   *
   * @param keys The keys of routes.
   * @returns For each key what is kept, or `undefined`; it may be a little old.
   */
  get(keys: readonly string[]): Promise<readonly unknown[]>;
  /**
   * Changes one state, so that no other change is lost.
   *
   * @param key The key of a route.
   * @param change Gets what is kept at this moment, and gives what is to be
   * kept, plain JSON; `undefined` leaves it as it is. It is called again where
   * somebody else was faster.
   * @returns Settles once the last call of `change` is what counts; rejects
   * where nothing was kept.
   */
  update(
    key: string,
    change: (state: unknown) => object | undefined,
  ): Promise<void>;
}
