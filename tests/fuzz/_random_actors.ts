import type { FailoverOptions } from "../../failover/mod.ts";
import type { ErrorCode } from "../../mod.ts";
import type { FakeClock } from "@parley/testing";
import {
  type Actor,
  createActor,
  type Failure,
  type Step,
} from "../failover/_actors.ts";
import { pickRandom, randomInt } from "../_random.ts";

/** An actor whose every run says the same, as far as it comes. */
export interface RandomActor extends Actor {
  readonly answer: string;
  readonly maxRetries: number;
}

const CODES: readonly ErrorCode[] = [
  "authentication",
  "bad-response",
  "content-filter",
  "context-length",
  "incomplete",
  "invalid-request",
  "network",
  "rate-limit",
  "timeout",
  "too-large",
  "upstream",
];

function randomFailure(random: () => number): Failure {
  return {
    code: pickRandom(random, CODES),
    retryable: random() < 0.5,
    ...(random() < 0.2 && { retryAfter: randomInt(random, 8_000) }),
  };
}

/** What it says in one run: all of it, or as far as it comes. */
function randomScript(answer: string, random: () => number): Step[] {
  const characters = [...answer];
  const steps: Step[] = [];
  const length = random() < 0.4
    ? randomInt(random, characters.length + 1)
    : characters.length + 1;
  while (characters.length > 0) {
    if (random() < 0.2) steps.push(randomInt(random, 12_000));
    if (random() < 0.05) {
      steps.push({ type: "warning", code: "x", message: String(random()) });
    }
    const piece = characters.splice(0, 1 + randomInt(random, 5)).join("");
    const said = answer.length - characters.join("").length;
    if (said > length) {
      steps.push(random() < 0.2 ? Infinity : randomFailure(random));
      break;
    }
    steps.push(piece);
  }
  return steps;
}

/** Makes an actor that fails now and then. */
export function randomActor(
  id: string,
  random: () => number,
  clock: FakeClock,
): RandomActor {
  const answer = `Grüße 👋🏽 aus ${random() < 0.6 ? "東京" : id}: ` +
    "eins, zwei, drei.";
  const maxRetries = randomInt(random, 3);
  const scripts = Array.from(
    { length: 12 },
    () => randomScript(answer, random),
  );
  const actor = createActor(id, scripts, {
    clock,
    options: { maxRetries, random },
  });
  return Object.assign(Object.create(actor), { answer, maxRetries });
}

/** Options of a failover. */
export function randomFailoverOptions(random: () => number): FailoverOptions {
  return {
    onPartial: pickRandom(random, ["restart", "match", "hold", "error"]),
    strategy: pickRandom(random, [
      "ordered",
      "round-robin",
      "weighted",
      "fastest",
    ]),
    hedgeAfter: pickRandom(random, [null, 1_000, 10_000]),
    breaker: { failures: 1 + randomInt(random, 3) },
    timeouts: {
      firstToken: 1 + randomInt(random, 30_000),
      idle: 1 + randomInt(random, 30_000),
      total: 60_000,
    },
    random,
  };
}
