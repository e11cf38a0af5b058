import type { Attempt, ChatEvent, Conversation } from "../../mod.ts";
import type { Fault } from "@parley/testing";
import type { CountedSignal } from "../../packages/testing/conformance/counted_signal.ts";
import type { CallerPlan, ServerPlan } from "./_world.ts";

/** A question and its answer, as a caller has them. */
export interface Turn {
  readonly question: string;
  /** `undefined` where nobody knows what came of it. */
  readonly answer: string | undefined;
}

/** What a caller goes on with. */
export interface Chat {
  readonly turns: readonly Turn[];
  /** What is heeded in it, where it is kept. */
  readonly system?: string | undefined;
  readonly conversation?: Conversation | undefined;
  /** A conversation that a gateway keeps. */
  readonly token?: string | undefined;
  /** When the last answer was asked for, and when it was read. */
  readonly askedAt?: number;
  readonly readAt?: number;
}

/** How it ends for a caller; one died where whom it asked did. */
export type Ending = "whole" | "failed" | "left" | "died";

/** What becomes of a caller. */
export interface Outcome {
  readonly caller: CallerPlan;
  readonly instance: number;
  readonly startedAt: number;
  /** What each server means to answer, whole, in their order. */
  readonly meant: readonly string[];
  /** What it goes on with. */
  readonly chat: Chat;
  /** What servers were asked for it, in order. */
  readonly exchanges: Exchange[];
  endedAt?: number;
  ending?: Ending;
  /** The text that counts, and what was thought. */
  text: string;
  thought: string;
  /** What it was told besides, in order. */
  readonly events: ChatEvent["type"][];
  /** Who answered, and what its server calls the model. */
  provider?: string | undefined;
  model?: string | undefined;
  /** Why the answer ended, and the codes of warnings. */
  finish?: string | undefined;
  readonly warnings: string[];
  title?: string | undefined;
  error?: unknown;
  /** Why it left. */
  reason?: unknown;
  /** The code of the error. */
  code?: string | undefined;
  attempts?: readonly Attempt[] | undefined;
  /** How many of them its last event told of. */
  told?: number | undefined;
  /** What it goes on with next. */
  next?: Pick<Chat, "conversation" | "token">;
  /** What it goes on with where it failed, and the server has the question. */
  begun?: Conversation | undefined;
  /** Which calls were run, in order. */
  readonly calls: string[];
  /** How many requests were open at its gateway before it, and with its key. */
  readonly openBefore: {
    readonly all: number;
    readonly ofKey: number;
    /** How many had left, of whom it may not have let go yet. */
    readonly leaving: number;
  };
  /** When its gateway was done with it. */
  releasedAt?: number | undefined;
  /** The status of a gateway, and the headers. */
  status?: number;
  headers?: Headers;
  /** Why a gateway refused it. */
  refusal?: string | undefined;
  /** What the question and the answer were said to cost. */
  tokens?: Tokens | undefined;
  /** The signal that it gave, to which nobody may listen any more. */
  signal?: CountedSignal;
  /** Why what it was shown became void, each time. */
  readonly reasons: string[];
  /** Who was said to answer, last. */
  announced?: string;
  /** Of whom the last words were said to be. */
  speaker?: string | undefined;
  /**
   * When a gateway gave it a head, and a first byte, and for how long it waited
   * for one.
   */
  headAt?: number;
  byteAt?: number;
  silence: number;
  /** What `partial` had where it failed. */
  partial?: string | undefined;
  /** What is wrong with what it was told. */
  readonly problems: string[];
}

/** What a question and its answer cost. */
export interface Tokens {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly total?: number | undefined;
}

/** A request for an answer, as a server saw it. */
export interface Exchange {
  readonly server: number;
  /** How the server is, and the name of its provider. */
  readonly plan: ServerPlan;
  readonly provider: string;
  /** Who asked. */
  outcome: Outcome;
  /** The path that was asked, and with which key. */
  readonly path: string;
  readonly key: string | null;
  /** The whole of what was asked, or the message to one of chat-ui. */
  readonly prompt: string;
  /** All that the server knows of the chat then, as a text. */
  known?: string;
  readonly at: number;
  readonly faults: readonly Fault[];
  status?: number;
  /** When it said its first word, and its last one so far. */
  spokeAt?: number;
  wordAt?: number;
  /** What it says that its answer costs. */
  tokens?: Tokens;
  /** When the connection was closed, by whomever. */
  closedAt?: number;
  /** Why who asked left before its end. */
  left?: { readonly reason: unknown };
  /** Whether it was told to stop. */
  isStopped?: boolean;
  /** Whether the answer was read to its end, and nothing befell it. */
  isWhole: boolean;
}

/** Begins an outcome. */
export function openOutcome(
  plan: Pick<
    Outcome,
    "caller" | "instance" | "chat" | "startedAt" | "meant" | "openBefore"
  >,
): Outcome {
  return {
    ...plan,
    ...{ text: "", thought: "", silence: 0, events: [], exchanges: [] },
    ...{ warnings: [], calls: [], reasons: [], problems: [] },
  };
}
