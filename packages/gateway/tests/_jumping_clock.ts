import { FakeClock } from "@parley/testing";

/** A clock that somebody sets while timers run. */
export class JumpingClock extends FakeClock {
  #offset = 0;

  /** Sets it on by so many milliseconds, or back. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  override now(): number {
    return super.now() + this.#offset;
  }
}
