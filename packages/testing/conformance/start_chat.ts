import type { ChatResult } from "@parley/chat";
import type { AnswerContext } from "../upstreams/answer.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { check } from "./check.ts";
import type { ConformanceTarget } from "./target.ts";
import {
  createFixture,
  type Fixture,
  type FixtureOptions,
  TOKENS,
} from "./fixture.ts";

/** What a later run continues. */
export type Conversation = NonNullable<ChatResult["conversation"]>;

/** A conversation after its first turn, and the server that keeps it. */
export interface StartedChat {
  /** The conversation, as it comes back from storage. */
  readonly conversation: Conversation;
  /** The conversation as JSON. */
  readonly stored: string;
  /** The server. */
  readonly upstream: Pick<Upstream, "fetch">;
  /** What the model was sent in each turn. */
  readonly turns: readonly AnswerContext[];
  /** Makes another provider that asks the same server. */
  resume(options?: FixtureOptions): Promise<Fixture>;
}

/** Runs the first turn of a conversation. */
export async function startChat(
  target: ConformanceTarget,
): Promise<StartedChat> {
  const turns: AnswerContext[] = [];
  const upstream = target.upstream({
    answer(_prompt, context) {
      turns.push(context);
      return TOKENS;
    },
  });
  const { stream } = await createFixture(target, { upstream });
  const { conversation } = await stream().result();
  check(conversation !== undefined, "Its answer has no conversation");
  const stored = JSON.stringify(conversation);
  return {
    conversation: JSON.parse(stored),
    stored,
    upstream,
    turns,
    resume: (options) => createFixture(target, { upstream, ...options }),
  };
}

/** Makes a value that cannot be changed, all the way down. */
export function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null) freeze(member);
  }
  return Object.freeze(value);
}
