/** Says what a breaker should do, one route at a time, as plainly as it goes. */
export class BreakerModel {
  #failures = 0;
  #coolDown = 0;
  #openUntil = 0;
  #probe: number | undefined;
  #isOpen = false;

  constructor(
    readonly threshold: number,
    readonly coolDown: number,
    readonly maxCoolDown: number,
    readonly probeTime: number,
  ) {}

  look(now: number): "closed" | "open" | "due" {
    if (!this.#isOpen) return "closed";
    const isProbed = this.#probe !== undefined && now < this.#probe;
    return now < this.#openUntil || isProbed ? "open" : "due";
  }

  claim(now: number): boolean {
    const look = this.look(now);
    if (look === "due") this.#probe = now + this.probeTime;
    return look !== "open";
  }

  succeed(isProbe: boolean): void {
    if (this.#isOpen && !isProbe) return;
    this.#isOpen = false;
    this.#failures = 0;
    this.#probe = undefined;
  }

  fail(now: number, probe: number | undefined, retryAfter: number): void {
    const asked = Math.min(600_000, retryAfter);
    if (!this.#isOpen) {
      this.#failures++;
      if (this.#failures >= this.threshold || asked > this.coolDown) {
        this.#open(now, this.coolDown, asked);
      }
    } else if (probe !== undefined && probe === this.#probe) {
      this.#open(now, Math.min(this.maxCoolDown, this.#coolDown * 2), asked);
    } else if (asked > 0) {
      this.#openUntil = Math.max(this.#openUntil, now + asked);
    }
  }

  release(probe: number): void {
    if (this.#isOpen && probe === this.#probe) this.#probe = undefined;
  }

  #open(now: number, coolDown: number, asked: number): void {
    this.#isOpen = true;
    this.#coolDown = coolDown;
    this.#openUntil = now + Math.max(coolDown, asked);
    this.#probe = undefined;
  }
}
