import { isTooOld, toKey } from "./_facts.ts";
import { isProviderError } from "../../mod.ts";
import { toMeant, toQuestion } from "./_answers.ts";
import { toKept } from "./_event_reader.ts";
import { askGateway } from "./_gateway_caller.ts";
import { createHistory, type History, Violation } from "./_history.ts";
import { createInstance } from "./_instances.ts";
import { Watch } from "./_laws.ts";
import { askLibrary } from "./_library_caller.ts";
import { type Chat, openOutcome, type Outcome } from "./_outcome.ts";
import { createPatience } from "./_time.ts";
import { createServer } from "./_servers.ts";
import type { CallerPlan, Step, World } from "./_world.ts";

/** How often time may go on before a world counts as endless. */
const MAX_MOMENTS = 50_000;

/** After how long nothing is remembered of what befell. */
const REST = 700_000;

/**
 * Runs a world to its end.
 *
 * @param world The world.
 * @returns What happened.
 * @throws {Violation} If a law does not hold.
 */
export async function runWorld(world: World): Promise<History> {
  const history = createHistory(world);
  const { clock, servers, instances } = history;
  for (const plan of world.servers) servers.push(createServer(plan, history));
  while (instances.length < world.instances) {
    instances.push(await createInstance(history));
  }
  const run = new WorldRun(history);
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

function noteError(outcome: Outcome, error: unknown): void {
  outcome.error = error;
  outcome.code ??= isProviderError(error) ? error.code : String(error);
  if (!isProviderError(error)) return;
  const { text, conversation } = error.partial ?? {};
  outcome.partial = text;
  outcome.begun = conversation && toKept(conversation);
}

/** Lets happen what a world plans, and looks at it after each step. */
class WorldRun {
  readonly #history: History;
  readonly #watch: Watch;
  readonly #chats = new Map<number, Chat>();
  #open = 0;
  #moments = 0;

  constructor(history: History) {
    this.#history = history;
    this.#watch = new Watch(history);
  }

  act(step: Step): void {
    const { servers, instances, stores, note } = this.#history;
    switch (step.do) {
      case "ask":
        void this.#ask(step.caller);
        return;
      case "befall":
        servers[step.server]?.befall(step.faults, step.times);
        break;
      case "mend":
        servers[step.server]?.mend();
        break;
      case "trouble":
        stores.trouble = step.trouble;
        break;
      case "die":
        instances[step.instance]?.die();
        break;
      case "jump":
        instances[step.instance]?.clock.jump(step.ms);
    }
    note(JSON.stringify({ ...step, at: undefined }));
  }

  /** Opens what becomes of a caller: whom it asks, and what is known before. */
  #toOutcome(caller: CallerPlan): Outcome {
    const { instances, clock, world, outcomes, servers } = this.#history;
    const isAlive = (index: number) => !instances[index]?.signal.aborted;
    const instance = isAlive(caller.instance)
      ? caller.instance
      : Math.max(0, [...instances.keys()].findIndex(isAlive));
    const kept = this.#chats.get(caller.chat ?? -1) ?? { turns: [] };
    // A server that keeps a chat begins anew where something else is heeded.
    const isAnew = world.over === "provider" && kept.conversation &&
      caller.system !== undefined && caller.system !== kept.system;
    const isGateway = world.over === "gateway";
    const here = outcomes.filter((other) =>
      other.instance === instance && !other.ending &&
      other.caller.wrong !== "key"
    );
    const open = here.filter(({ releasedAt }) => releasedAt === undefined);
    return openOutcome({
      caller,
      instance,
      chat: isAnew ? { ...kept, turns: [] } : kept,
      startedAt: clock.now(),
      meant: servers.map(({ voice }, server) =>
        toMeant(voice, caller, { ...world.servers[server], isGateway })
      ),
      openBefore: {
        all: open.length,
        ofKey: open.filter((other) => toKey(other.caller) === toKey(caller))
          .length,
        leaving: here.length - open.length,
      },
    });
  }

  async #ask(caller: CallerPlan): Promise<void> {
    const { instances, clock, world, outcomes, note } = this.#history;
    const outcome = this.#toOutcome(caller);
    const instance = instances[outcome.instance];
    outcomes.push(outcome);
    note(`question ${caller.question} to instance ${outcome.instance}`);
    if (instance === undefined || instance.signal.aborted) {
      outcome.ending = "died";
      return;
    }
    this.#open++;
    const patience = createPatience(caller, clock);
    const ask = world.over === "gateway" ? askGateway : askLibrary;
    const died = new Promise<"died">((resolve) =>
      instance.signal.addEventListener("abort", () => resolve("died"))
    );
    const answered = ask(instance, outcome, patience)
      .catch((error) => noteError(outcome, error));
    const end = await Promise.race([answered, died]);
    const { aborted, reason } = patience.signal;
    const hasFailed = outcome.code !== undefined;
    outcome.ending = aborted ? "left" : hasFailed ? "failed" : "whole";
    outcome.reason = reason;
    patience.end();
    this.#open--;
    // What the dead still do is nobody's.
    const last = end === "died" ? { ...outcome, ending: end } : outcome;
    for (const exchange of outcome.exchanges) exchange.outcome = last;
    outcomes[outcomes.indexOf(outcome)] = last;
    this.#close(last);
  }

  #close(outcome: Outcome): void {
    const { clock, ended, note } = this.#history;
    const { caller, chat, text, ending, next, code = "" } = outcome;
    outcome.endedAt = clock.now();
    ended.push(outcome);
    const end = `${ending} ${code} ${JSON.stringify(text)}`;
    note(`question ${caller.question} ends: ${end}`);
    if (caller.chat === undefined) return;
    // Clients begin anew then.
    if (isTooOld(outcome)) this.#chats.delete(caller.chat);
    const { begun, startedAt: askedAt, endedAt: readAt } = outcome;
    const isWhole = ending === "whole";
    if (!isWhole && begun === undefined) return;
    const answer = isWhole ? text : undefined;
    this.#chats.set(caller.chat, {
      turns: [...chat.turns, { question: toQuestion(caller), answer }],
      ...((begun ?? next?.conversation ?? next?.token) &&
        { system: caller.system ?? chat.system }),
      ...{ conversation: begun, askedAt, readAt },
      ...next,
    });
  }

  /** Lets time go on until nothing is left to happen. */
  async settle(): Promise<void> {
    const history = this.#history;
    const { clock } = history;
    await this.#pass(0);
    while (clock.timers > 0) {
      const [wait = 0] = clock.waits;
      await this.#pass(Math.max(0, wait));
      this.#watch.check();
      if (++this.#moments < MAX_MOMENTS) continue;
      throw new Violation("ends", "the world does not end", history);
    }
    this.#watch.check();
    if (this.#open === 0) return;
    throw new Violation("ends", `${this.#open} callers wait for ever`, history);
  }

  /** Lets time pass, and what is done by others be done. */
  async #pass(ms: number): Promise<void> {
    const { clock, realWork } = this.#history;
    await clock.advance(ms);
    while (await realWork.settle()) await clock.advance(0);
  }

  /** Mends everything, and asks once more. */
  async recover(): Promise<void> {
    const { servers, instances, stores, clock, outcomes, world } =
      this.#history;
    for (const server of servers) server.mend();
    stores.trouble = { type: "none" };
    await clock.advance(REST);
    for (const [instance, { signal }] of instances.entries()) {
      if (signal.aborted) continue;
      void this.#ask({
        question: 10_000 + outcomes.length,
        words: 3,
        instance,
        form: world.over === "gateway" ? "chunks" : "events",
        stream: true,
      });
      await this.settle();
    }
  }
}
