import type { ProviderError, Timeouts } from "@parley/chat";
import { check, checkEquals, within } from "./check.ts";
import { readAll } from "./ending.ts";
import { checkReleased } from "./check_released.ts";
import type { ConformanceTarget } from "./target.ts";
import { createFixture, type Fixture, type FixtureOptions } from "./fixture.ts";
import { settle, until, Watched } from "./waiting.ts";

/** A run whose time a case moves. */
export class TimedRun {
  readonly fixture: Fixture;
  readonly #run: Watched<ProviderError>;

  private constructor(fixture: Fixture, timeouts: Timeouts | undefined) {
    this.fixture = fixture;
    const reading = readAll(fixture.stream({ timeouts }));
    this.#run = new Watched(reading.then(({ error, text }) => {
      check(error !== undefined, "It succeeds");
      checkEquals(error.partial?.text, text, "The partial");
      return error;
    }));
  }

  /** Starts a run; it then waits for more of its answer, if there is one. */
  static async start(
    target: ConformanceTarget,
    options: FixtureOptions,
    timeouts?: Timeouts,
  ): Promise<TimedRun> {
    const fixture = await createFixture(target, options);
    const run = new TimedRun(fixture, timeouts);
    const isSilent = options.plan?.faults?.[0]?.type === "silence";
    await until(
      () =>
        isSilent
          ? fixture.answers.length > 0
          : fixture.bodies.at(-1)?.isAwaited === true,
      "it waits for its answer",
    );
    await settle();
    return run;
  }

  /** Checks that some time does not end the run. */
  async lasts(ms: number): Promise<void> {
    await this.fixture.clock.advance(ms);
    await settle();
    check(!this.#run.isSettled, `It does not wait ${ms} ms`);
  }

  /** Checks that the run fails after so long, not a millisecond earlier. */
  async failsAfter(ms: number, phase: string): Promise<ProviderError> {
    await this.lasts(ms - 1);
    await this.fixture.clock.advance(1);
    const error = await within(2_000, this.#run.promise, `The end after ${ms}`);
    checkEquals([error.code, error.phase], ["timeout", phase], "The error");
    checkEquals(this.fixture.answers.length, 1, "The number of requests");
    await checkReleased(this.fixture);
    return error;
  }
}
