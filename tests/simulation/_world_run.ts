import { isProviderError } from "../../mod.ts";
import { toMeant, toQuestion } from "./_answers.ts";
import { toKept } from "./_event_reader.ts";
import { askGateway } from "./_gateway_caller.ts";
import { type History, Violation } from "./_history.ts";
import { Watch } from "./_invariants.ts";
import { askLibrary } from "./_library_caller.ts";
import {
  type Chat,
  isTooOld,
  openOutcome,
  type Outcome,
  toKey,
} from "./_outcome.ts";
import { createPatience } from "./_patience.ts";
import type { RealWork } from "./_real_work.ts";
import type { Stores } from "./_stores.ts";
import type { CallerPlan, Step } from "./_world.ts";

/** How often time may go on before a world counts as endless. */
const MAX_MOMENTS = 50_000;

/** After how long nothing is remembered of what befell. */
const REST = 700_000;

function noteError(outcome: Outcome, error: unknown): void {
  outcome.error = error;
  outcome.code ??= isProviderError(error) ? error.code : String(error);
  if (!isProviderError(error)) return;
  const { text, conversation } = error.partial ?? {};
  outcome.partial = text;
  outcome.begun = conversation && toKept(conversation);
}

/** Runs a world, and looks at it after each step. */
export class WorldRun {
  readonly #history: History;
  readonly #stores: Stores;
  readonly #watch: Watch;
  readonly #realWork: RealWork;
  readonly #chats = new Map<number, Chat>();
  #open = 0;

  constructor(history: History, stores: Stores, realWork: RealWork) {
    this.#history = history;
    this.#stores = stores;
    this.#realWork = realWork;
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
    const kept = this.#chats.get(caller.chat ?? -1) ?? { turns: [] };
    // A server that keeps a chat begins anew where something else is heeded.
    const isAnew = world.over === "provider" && kept.conversation &&
      caller.system !== undefined && caller.system !== kept.system;
    const chat = isAnew ? { ...kept, turns: [] } : kept;
    const isGateway = world.over === "gateway";
    const outcome = openOutcome({
      caller,
      instance: index,
      chat,
      startedAt: clock.now(),
      meant: servers.map(({ voice }, server) =>
        toMeant(voice, caller, { ...world.servers[server], isGateway })
      ),
    });
    const here = outcomes.filter((other) =>
      other.instance === index && !other.ending && other.caller.wrong !== "key"
    );
    const open = here.filter(({ releasedAt }) => releasedAt === undefined);
    const key = toKey(caller);
    outcome.openBefore = {
      all: open.length,
      ofKey: open.filter(({ caller }) => toKey(caller) === key).length,
      leaving: here.length - open.length,
    };
    outcomes.push(outcome);
    this.#note(`question ${caller.question} to instance ${index}`);
    if (instance === undefined || !isAlive(index)) {
      outcome.ending = "died";
      return;
    }
    this.#open++;
    const patience = createPatience(caller, clock);
    const asking = isGateway ? askGateway : askLibrary;
    const died = new Promise<"died">((resolve) =>
      instance.signal.addEventListener("abort", () => resolve("died"))
    );
    const answered = asking(instance, outcome, patience)
      .catch((error) => noteError(outcome, error));
    const end = await Promise.race([answered, died]);
    outcome.ending = patience.signal.aborted
      ? "left"
      : outcome.code === undefined
      ? "whole"
      : "failed";
    outcome.reason = patience.signal.reason;
    patience.end();
    this.#open--;
    // What the dead still do is nobody's.
    const last = end === "died" ? { ...outcome, ending: end } : outcome;
    for (const exchange of outcome.exchanges) exchange.outcome = last;
    outcomes[outcomes.indexOf(outcome)] = last;
    this.#close(last);
  }

  #close(outcome: Outcome): void {
    const { caller, chat, text, ending, next } = outcome;
    outcome.endedAt = this.#history.clock.now();
    this.#history.ended.push(outcome);
    this.#note(
      `question ${caller.question} ends: ${ending} ${outcome.code ?? ""} ` +
        JSON.stringify(text),
    );
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
      if (++history.moments < MAX_MOMENTS) continue;
      throw new Violation("ends", "the world does not end", history);
    }
    this.#watch.check();
    if (this.#open === 0) return;
    throw new Violation("ends", `${this.#open} callers wait for ever`, history);
  }

  /** Lets time pass, and what is done by others be done. */
  async #pass(ms: number): Promise<void> {
    const { clock } = this.#history;
    await clock.advance(ms);
    while (await this.#realWork.settle()) await clock.advance(0);
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
