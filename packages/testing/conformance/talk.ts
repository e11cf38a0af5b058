import type { ChatResult } from "@parley/chat";
import type { AnswerContext } from "../upstreams/answer.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { check } from "./check.ts";
import type { ConformanceTarget } from "./target.ts";
import { createTrial, TOKENS, type Trial, type TrialOptions } from "./trial.ts";

/** What a later run goes on with. */
export type Conversation = NonNullable<ChatResult["conversation"]>;

/** A conversation after its first turn, and the server that keeps it. */
export interface Talk {
  /** The conversation, as it comes back from storage. */
  readonly conversation: Conversation;
  /** The conversation as JSON. */
  readonly stored: string;
  /** The server. */
  readonly upstream: Pick<Upstream, "fetch">;
  /** What the model was told in each turn. */
  readonly turns: readonly AnswerContext[];
  /** Makes another provider that asks the same server. */
  goOn(options?: TrialOptions): Promise<Trial>;
}

/** Runs the first turn of a conversation. */
export async function startTalk(target: ConformanceTarget): Promise<Talk> {
  const turns: AnswerContext[] = [];
  const upstream = target.upstream({
    answer(_prompt, context) {
      turns.push(context);
      return TOKENS;
    },
  });
  const { stream } = await createTrial(target, { upstream });
  const { conversation } = await stream().result();
  check(conversation !== undefined, "Its answer has no conversation");
  const stored = JSON.stringify(conversation);
  return {
    conversation: JSON.parse(stored),
    stored,
    upstream,
    turns,
    goOn: (options) => createTrial(target, { upstream, ...options }),
  };
}

/** Makes a value that cannot be changed, all the way down. */
export function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null) freeze(member);
  }
  return Object.freeze(value);
}
