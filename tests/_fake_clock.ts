export { FakeClock, flush } from "../testing/fake_clock.ts";
