/**
 * The body of an answer that comes in pieces.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import type { Outcome } from "../options/log_entry.ts";
import type { BodySource } from "./body_source.ts";
import { SilenceTimer } from "./silence_timer.ts";

/** Options for {@linkcode AnswerBody}. */
export interface AnswerBodyOptions {
  /** After how many milliseconds a client is let go of that takes nothing. */
  readonly stallTimeout: number;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Is called before a client is let go of. */
  readonly onStall: () => void;
  /** Is called when the body is over; more than once where several end it. */
  readonly onEnd: (outcome: Outcome) => void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;
type Piece = Uint8Array | string;

/**
 * Why a body breaks off. Some servers print it: a sentence is enough there.
 */
const STALLED = "Client takes nothing";

const encoder = new TextEncoder();
const PING = encoder.encode(": ping\n\n");

/**
 * How many turns of promises the first piece takes. The server of
 * `@hono/node-server` looks for it in fewer, and waits for the second one by a
 * timer where it finds it, else it sends the head and then each piece at once.
 */
const FIRST_TURNS = 8;

async function delayFirst<T>(piece: Promise<T>): Promise<T> {
  for (let turn = 0; turn < FIRST_TURNS; turn++) await undefined;
  return await piece;
}

/**
 * Sends what a source gives. It pulls, and never pushes: the source is read no
 * faster than the client reads.
 *
 * One stream does everything that an answer needs, for each stream between two
 * others would cost as much for a piece as all the rest.
 */
export class AnswerBody implements UnderlyingDefaultSource<Uint8Array> {
  /** The body. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #source: BodySource;
  readonly #options: AnswerBodyOptions;
  readonly #timer: SilenceTimer;
  #controller: Controller | undefined;
  /** Whether the client waits for a piece. */
  #isAsked = false;
  #isBegun = false;
  #isReading = false;
  #isOver = false;
  /** What came when the client had something else to take. */
  #held: { readonly piece: Piece | undefined } | undefined;
  #left: { readonly reason: unknown; readonly done: Promise<void> } | undefined;
  #isLetGo = false;
  #breakTimer: unknown;

  /**
   * Makes a body.
   *
   * @param source What it is read from.
   * @param options How long it waits, and what it calls.
   */
  constructor(source: BodySource, options: AnswerBodyOptions) {
    const { clock, stallTimeout } = options;
    this.#source = source;
    this.#options = options;
    this.#timer = new SilenceTimer({
      shortest: Math.min(stallTimeout, source.keepAlive),
      clock,
      onSilence: () => this.#isAsked ? this.#ping() : this.#stall(),
    });
    this.stream = new ReadableStream(this, { highWaterMark: 0 });
    this.#timer.start(stallTimeout);
  }

  /** Is called once, before all else. */
  start(controller: Controller): void {
    this.#controller = controller;
  }

  /** Is called each time that the client waits for a piece. */
  pull(): void {
    if (this.#left !== undefined) return this.#breakOff(this.#left.reason);
    this.#isAsked = true;
    this.#timer.start(this.#source.keepAlive);
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return this.#give(held.piece);
    if (this.#isReading || this.#isOver) return;
    this.#isReading = true;
    const piece = this.#source.next();
    const given = this.#isBegun ? piece : delayFirst(piece);
    this.#isBegun = true;
    given.then(this.#give, this.#fail);
  }

  /**
   * The client leaves. That comes twice where it ends the signal, too.
   *
   * @param reason Why.
   */
  leave(reason: unknown): Promise<void> {
    this.#timer.stop();
    this.#left ??= {
      reason,
      done: this.#source.close(reason).catch(() => {})
        .then(() => this.#options.onEnd("aborted")),
    };
    if (this.#isAsked) this.#breakOff(reason);
    return this.#left.done;
  }

  /** Is called where the server lets go of the body. */
  cancel(reason: unknown): Promise<void> {
    this.#isLetGo = true;
    this.#options.clock.clearTimeout(this.#breakTimer);
    return this.leave(reason);
  }

  readonly #give = (piece: Piece | undefined): void => {
    this.#isReading = false;
    if (this.#left !== undefined) return;
    if (!this.#isAsked) {
      this.#held = { piece };
      return;
    }
    // The client may stop before it asks for the end, or ask for it at once.
    this.#isOver = piece === undefined || this.#source.isOver;
    if (piece !== undefined) this.#send(piece);
    // The server of Deno lets go of the body within the call that gives it a
    // piece, where its client has left by then.
    if (!this.#isOver || this.#isLetGo) return;
    this.#end("complete");
    this.#controller?.close();
  };

  readonly #fail = (error: unknown): void => {
    if (this.#left !== undefined) return;
    this.#end("failed");
    this.#controller?.error(error);
  };

  #send(piece: Piece): void {
    this.#isAsked = false;
    this.#timer.start(this.#options.stallTimeout);
    this.#controller?.enqueue(
      typeof piece === "string" ? encoder.encode(piece) : piece,
    );
  }

  #ping(): void {
    this.#send(PING);
  }

  #stall(): void {
    this.#options.onStall();
    void this.leave(STALLED);
    this.#controller?.error(STALLED);
  }

  #end(outcome: Outcome): void {
    this.#timer.stop();
    this.#options.onEnd(outcome);
  }

  /** Ends the body of a client that left, unless its server lets go of it. */
  #breakOff(reason: unknown): void {
    if (this.#isLetGo) return;
    // A server does so soon, and prints what fails before.
    this.#breakTimer ??= this.#options.clock.setTimeout(
      () => this.#controller?.error(reason),
      0,
    );
  }
}
