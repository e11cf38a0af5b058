/**
 * A world as plain data: what a seed makes, what is run, and what a failing one
 * shrinks to.
 *
 * @module
 */

import type { FailoverOptions } from "../../failover/mod.ts";
import type { GatewayLimits, GatewayOptions } from "@parley/gateway";
import type { Chunking, Fault } from "@parley/testing";

/** A server, and how it is while nothing befalls it. */
export interface ServerPlan {
  readonly kind: "openai" | "ai-chats" | "chat-ui";
  /** Milliseconds until its first token. */
  readonly delay: number;
  /** Milliseconds between its tokens. */
  readonly pace: number;
  /** How many events it sends at once. */
  readonly piece?: number;
  /** How the bytes of its answers are cut. */
  readonly chunking?: Chunking;
  /** Whether it goes on by itself with what an assistant began to say. */
  readonly prefill?: boolean;
  /** Whether its tokens are parts of words, and of characters. */
  readonly splits?: boolean;
  /**
   * When it says what an answer costs: with each chunk, or so with every other
   * answer and never with the others; else at its end.
   */
  readonly usage?: "always" | "in turns";
  /** Whether one of chat-ui is the newest, which logs what it answers. */
  readonly isNewest?: boolean;
  /** Whether it says "stop" where it calls tools. */
  readonly stopsForCalls?: boolean;
  /**
   * What the last text of one of chat-ui is beside the one that it streams; the
   * newest may have none.
   */
  readonly finalText?: "longer" | "other" | "none";
  /** Whether it has moved, and says where it is found. */
  readonly moved?: boolean;
  /** Whether it thinks before it speaks, in a field or in its text. */
  readonly thinks?: boolean | "in tags";
  /** How many words it says at most. */
  readonly most?: number;
  /**
   * Whether its lines end with CRLF, comments stand between them, or the last
   * one has no end.
   */
  readonly lines?: "crlf" | "noisy" | "unended";
  /** Whether it says where its pictures are, or draws one at a time. */
  readonly draws?: "links" | "one";
  /** Its share, where routes are drawn by their weights. */
  readonly weight?: number;
  readonly maxRetries: number;
}

/**
 * How a store is for a while: it answers later, or never; it fails, or works and
 * says that it did not; or somebody else is always faster at first.
 */
export type StoreTrouble =
  | { readonly type: "none" | "silent" | "fail" | "lost-reply" | "contend" }
  | { readonly type: "lag"; readonly ms: number };

/** How a caller leaves. */
export interface LeavePlan {
  /** Who forgets aborts, and reads no more. */
  readonly how: "abort" | "forget" | "return";
  /** Milliseconds after it has asked. */
  readonly after: number;
}

/** In which ways callers read, of the library and of a gateway. */
export const LIBRARY_FORMS = [
  ...["events", "batches", "result", "textStream", "readable"] as const,
  ...["jsonl", "tools", "pictures"] as const,
];
export const GATEWAY_FORMS = ["chunks", "response", "pictures"] as const;

/** In which way a caller takes an answer. */
export type ReadForm =
  | (typeof LIBRARY_FORMS)[number]
  | (typeof GATEWAY_FORMS)[number];

/** Somebody who asks a question. */
export interface CallerPlan {
  readonly question: number;
  /** How many words the answer is to have, or pictures. */
  readonly words: number;
  /** Which instance is asked; another one, where it has died. */
  readonly instance: number;
  readonly form: ReadForm;
  /** Whether the answer is streamed. */
  readonly stream: boolean;
  /** Milliseconds between two reads. */
  readonly pace?: number;
  /** A time in which it reads nothing, after so many reads. */
  readonly pause?: { readonly after: number; readonly ms: number };
  readonly leave?: LeavePlan;
  /** Where the answer is to be cut. */
  readonly stop?: string;
  /** For how many milliseconds it waits for the whole; not for a gateway. */
  readonly total?: number;
  /** How often, and how long, it lets wait for another attempt; nor this. */
  readonly maxRetries?: number;
  readonly maxRetryDelay?: number;
  /** Whether it sets what not every server takes. */
  readonly sets?: boolean;
  /** Whether it takes from a gateway what begins anew. */
  readonly restarts?: boolean;
  /**
   * Asks for something that cannot be; of a gateway also with a wrong key, with
   * a token that nobody made, or with one of somebody else.
   */
  readonly wrong?:
    | "role"
    | "temperature"
    | "empty"
    | "model"
    | "key"
    | "token"
    | "owner";
  /** In how many milliseconds a gateway gets what it asks. */
  readonly upload?: number;
  /** What it wants to be heeded. */
  readonly system?: string;
  /** Goes on with the chat of this number. */
  readonly chat?: number;
  /** Which key it has, where a gateway is asked. */
  readonly key?: number;
}

/** What happens in a world, and when. */
export type Step =
  & {
    /** Milliseconds since the world began. */
    readonly at: number;
  }
  & (
    | { readonly do: "ask"; readonly caller: CallerPlan }
    | {
      /** From now on faults befall so many requests to a server. */
      readonly do: "befall";
      readonly server: number;
      readonly faults: readonly Fault[];
      /** `null`: all, until it is mended. */
      readonly times: number | null;
    }
    | { readonly do: "mend"; readonly server: number }
    | { readonly do: "trouble"; readonly trouble: StoreTrouble }
    | { readonly do: "die"; readonly instance: number }
    /** The clock of an instance is set. */
    | { readonly do: "jump"; readonly instance: number; readonly ms: number }
  );

/** Options of the failovers of a world. */
export type FailoverPlan = Pick<
  FailoverOptions,
  "onPartial" | "strategy" | "hedgeAfter" | "breaker"
>;

/** Options of the gateways of a world. */
export interface GatewayPlan
  extends
    Pick<GatewayOptions, "keepAlive" | "holdHead">,
    Omit<GatewayLimits, "store"> {
  /** Whether all instances count the requests together. */
  readonly isShared?: boolean;
}

/** A world. */
export interface World {
  /** Of what is random while it runs. */
  readonly seed: number;
  /** What is asked; a gateway stands before a failover. */
  readonly over: "provider" | "failover" | "gateway";
  /** Whether all servers answer a question in the same words. */
  readonly isOneVoice: boolean;
  readonly servers: readonly ServerPlan[];
  readonly instances: number;
  /** Whether they share a Deno KV, and not a memory. */
  readonly isKv?: boolean;
  /** By how many milliseconds the clock of each instance is wrong. */
  readonly skew?: readonly number[];
  readonly failover: FailoverPlan;
  /** Whether the first two servers are one route, which begins anew. */
  readonly isNested?: boolean;
  readonly gateway: GatewayPlan;
  readonly steps: readonly Step[];
}
