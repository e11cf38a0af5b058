import { createRandom, FakeClock } from "@parley/testing";
import { toQuestion } from "./_answers.ts";
import { toVoice } from "./_answers.ts";
import { askGateway } from "./_gateway_caller.ts";
import { type History, Violation } from "./_history.ts";
import { createInstance } from "./_instances.ts";
import { Watch } from "./_invariants.ts";
import { askLibrary } from "./_library_caller.ts";
import { type Chat, openOutcome, type Outcome, toKey } from "./_outcome.ts";
import { createPatience } from "./_patience.ts";
import { createServer } from "./_servers.ts";
import { createStores, type Stores } from "./_stores.ts";
import type { CallerPlan, Step, World } from "./_world.ts";

/** How often time may go on before a world counts as endless. */
const MAX_MOMENTS = 50_000;

/** After how long nothing is remembered of what befell. */
const REST = 700_000;

/** Runs a world, and looks at it after each step. */
class WorldRun {
  readonly #history: History;
  readonly #stores: Stores;
  readonly #watch: Watch;
  readonly #chats = new Map<number, Chat>();
  #open = 0;

  constructor(history: History, stores: Stores) {
    this.#history = history;
    this.#stores = stores;
    this.#watch = new Watch(history);
  }

  act(step: Step): void {
    const { servers, instances } = this.#history;
    switch (step.do) {
      case "ask":
        void this.ask(step.caller);
        return;
      case "befall":
        servers[step.server]?.befall(step.faults, step.times);
        break;
      case "mend":
        servers[step.server]?.mend();
        break;
      case "trouble":
        this.#stores.trouble = step.trouble;
        break;
      case "die":
        instances[step.instance]?.die();
        break;
      case "jump":
        instances[step.instance]?.clock.jump(step.ms);
    }
    this.#note(JSON.stringify({ ...step, at: undefined }));
  }

  async ask(caller: CallerPlan): Promise<void> {
    const { instances, clock, world, outcomes, servers } = this.#history;
    const isAlive = (index: number) => !instances[index]?.signal.aborted;
    const alive = [...instances.keys()].filter(isAlive);
    const index = isAlive(caller.instance) ? caller.instance : alive[0] ?? 0;
    const instance = instances[index];
    const chat = this.#chats.get(caller.chat ?? -1) ?? { turns: [] };
    const outcome = openOutcome(caller, index, {
      chat,
      startedAt: clock.now(),
      voices: servers.map(({ voice }) => voice),
    });
    const open = outcomes.filter((other) =>
      other.instance === index && !other.ending && !other.releasedAt
    );
    const key = toKey(caller);
    outcome.openBefore = {
      all: open.length,
      ofKey: open.filter(({ caller }) => toKey(caller) === key).length,
    };
    outcomes.push(outcome);
    this.#note(`question ${caller.question} to instance ${index}`);
    if (instance === undefined || !isAlive(index)) {
      outcome.ending = "died";
      return;
    }
    this.#open++;
    const patience = createPatience(caller, clock);
    const asking = world.over === "gateway" ? askGateway : askLibrary;
    const died = new Promise<"died">((resolve) =>
      instance.signal.addEventListener("abort", () => resolve("died"))
    );
    const end = await Promise.race([
      asking(instance, outcome, patience),
      died,
    ]);
    patience.end();
    this.#open--;
    // What the dead still do is nobody's.
    const last = end === "died" ? { ...outcome, ending: end } : outcome;
    outcomes[outcomes.indexOf(outcome)] = last;
    this.#close(last);
  }

  #close(outcome: Outcome): void {
    const { caller, chat, text, ending, next = {} } = outcome;
    outcome.endedAt = this.#history.clock.now();
    this.#history.ended.push(outcome);
    this.#note(
      `question ${caller.question} ends: ${ending} ${outcome.code ?? ""} ` +
        JSON.stringify(text),
    );
    if (ending !== "whole" || caller.chat === undefined) return;
    this.#chats.set(caller.chat, {
      turns: [...chat.turns, { question: toQuestion(caller), answer: text }],
      ...next,
    });
  }

  /** Lets time go on until nothing is left to happen. */
  async settle(): Promise<void> {
    const history = this.#history;
    const { clock } = history;
    await clock.advance(0);
    while (clock.timers > 0) {
      const [wait = 0] = clock.waits;
      await clock.advance(Math.max(0, wait));
      this.#watch.check();
      if (++history.moments < MAX_MOMENTS) continue;
      throw new Violation("ends", "the world does not end", history);
    }
    this.#watch.check();
    if (this.#open === 0) return;
    throw new Violation("ends", `${this.#open} callers wait for ever`, history);
  }

  /** Mends everything, and asks once more. */
  async recover(): Promise<void> {
    const { servers, instances, clock, outcomes, world } = this.#history;
    for (const server of servers) server.mend();
    this.#stores.trouble = { type: "none" };
    await clock.advance(REST);
    for (const [instance, { signal }] of instances.entries()) {
      if (signal.aborted) continue;
      void this.ask({
        question: 10_000 + outcomes.length,
        words: 3,
        instance,
        form: world.over === "gateway" ? "chunks" : "events",
        stream: true,
      });
      await this.settle();
    }
  }

  #note(text: string): void {
    const { clock, start, trace } = this.#history;
    trace.push(`${clock.now() - start} ${text}`);
  }
}

/**
 * Runs a world to its end.
 *
 * @param world The world.
 * @returns What happened.
 * @throws {Violation} If an invariant does not hold.
 */
export async function runWorld(world: World): Promise<History> {
  const clock = new FakeClock();
  const start = clock.now();
  const { exchanges, changes, trace }: Pick<
    History,
    "exchanges" | "changes" | "trace"
  > = { exchanges: [], changes: [], trace: [] };
  const stores = createStores({
    isKv: world.isKv === true,
    clock,
    random: createRandom(world.seed),
    onChange(change) {
      changes.push({ ...change, at: clock.now() });
      trace.push(`${clock.now() - start} keeps ${JSON.stringify(change)}`);
    },
  });
  const servers = world.servers.map((plan, index) =>
    createServer(plan, {
      index,
      voice: toVoice(index, world.isOneVoice),
      clock,
      onExchange(exchange) {
        exchanges.push(exchange);
        const { question, faults } = exchange;
        trace.push(
          `${clock.now() - start} server ${index} is asked ${question}` +
            (faults.length > 0 ? ` and ${JSON.stringify(faults)}` : ""),
        );
      },
    })
  );
  const instances = await Promise.all(
    Array.from(
      { length: world.instances },
      (_, index) => createInstance(index, { world, servers, stores, clock }),
    ),
  );
  const history: History = {
    world,
    clock,
    start,
    servers,
    instances,
    outcomes: [],
    exchanges,
    changes,
    trace,
    ended: [],
    moments: 0,
  };
  const run = new WorldRun(history, stores);
  for (const step of world.steps) {
    clock.setTimeout(() => run.act(step), step.at);
  }
  try {
    await run.settle();
    await run.recover();
  } catch (error) {
    if (error instanceof Violation) throw error;
    throw new Violation("throws", String(error), history);
  }
  return history;
}
