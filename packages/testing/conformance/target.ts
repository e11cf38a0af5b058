/**
 * What the conformance suite knows about a provider. Types only.
 *
 * @module
 */

import type { ChatOptions, Provider, ProviderOptions } from "@parley/chat";
import type { ChatSetting } from "@parley/chat/provider";
import type { AnswerOptions } from "../upstreams/answer.ts";
import type { PictureOptions } from "../upstreams/pictures.ts";
import type { ToolAnswerOptions } from "../upstreams/tool_answer.ts";
import type { RecordedRequest, Upstream } from "../upstreams/upstream.ts";
import type { SentQuestion } from "./question.ts";

/** A setting that a request may carry. */
export type SentSetting = Exclude<ChatSetting, "stream" | "parallelToolCalls">;

/** How pictures are asked for. */
export interface PictureTarget {
  /** What makes a run ask for a picture, such as its model. */
  readonly options: ChatOptions;
  /** Makes a server that draws. */
  readonly upstream: (options: PictureOptions) => Pick<Upstream, "fetch">;
  /**
   * Whether they are always in the answer itself. Then the cases about the
   * places that an answer names are left out.
   *
   * @default {false}
   */
  readonly isInline?: boolean | undefined;
}

/** How tools are called. */
export interface ToolTarget {
  /**
   * Makes a server whose model calls tools, in each form that such servers have,
   * by a name of the form. What is tried in one form only is tried in the first.
   */
  readonly upstreams: Readonly<
    Record<string, (options: ToolAnswerOptions) => Pick<Upstream, "fetch">>
  >;
  /**
   * Whether the pieces of a call are handed out as they come, and not only the
   * whole call.
   *
   * @default {true}
   */
  readonly showsPieces?: boolean | undefined;
}

/** A provider, its server, and a few facts about the protocol of both. */
export interface ConformanceTarget {
  /** What the cases are named after. */
  readonly name: string;
  /** Makes the provider with the options that a case needs. */
  readonly create: (options: ProviderOptions) => Provider;
  /** Makes its server, whose model answers what a case needs. */
  readonly upstream: (options: AnswerOptions) => Pick<Upstream, "fetch">;
  /**
   * Options of every run.
   *
   * @default {{}}
   */
  readonly options?: ChatOptions | undefined;
  /**
   * The request that is answered with the text: a regular expression that is
   * searched for in its path.
   *
   * @default {the path of the last request of a run}
   */
  readonly answerPath?: string | undefined;
  /**
   * What makes the body of an answer whole. Absent where only the end of the
   * body does, so that a body that is cut between two events cannot be told
   * from a whole one.
   */
  readonly endMarker?: string | undefined;
  /**
   * What the server sends while it has nothing to say. Without it, the cases
   * about keep-alives are left out.
   */
  readonly keepAlive?: string | undefined;
  /**
   * What the server sends in an answer where it fails, with the words
   * `overload` in it. Without it, the cases about such errors are left out.
   */
  readonly failure?: string | undefined;
  /**
   * How an event of the answer begins that holds text and never ends. Without
   * it, the cases about garbage and endless lines are left out.
   */
  readonly opening?: string | undefined;
  /**
   * Whether answers come in pieces. Otherwise the cases about what happens
   * between two pieces are left out.
   *
   * @default {true}
   */
  readonly isStreamed?: boolean | undefined;
  /**
   * How long a provider may read on after the end marker, in milliseconds.
   *
   * @default {5_000}
   */
  readonly trailerTime?: number | undefined;
  /**
   * Whether it finds an answer again on the server whose connection breaks.
   *
   * @default {false}
   */
  readonly recovers?: boolean | undefined;
  /**
   * Whether the request for an answer may be sent again after a failure.
   *
   * @default {true}
   */
  readonly isRepeatable?: boolean | undefined;
  /**
   * How long a run may take in all where nobody says, in milliseconds.
   *
   * @default {600_000}
   */
  readonly total?: number | undefined;
  /**
   * Whether its server keeps conversations, which a later run goes on with.
   *
   * @default {false}
   */
  readonly keepsConversation?: boolean | undefined;
  /**
   * Reads what a run asks out of its request for an answer, and where that does
   * not hold all, out of all its requests. Without it, no case sees what is
   * sent.
   */
  readonly readQuestion?:
    | ((
      request: RecordedRequest,
      requests: readonly RecordedRequest[],
    ) => SentQuestion)
    | undefined;
  /**
   * The settings that must be sent. Others may be, or are warned of, or refused.
   *
   * @default {[]}
   */
  readonly settings?: readonly SentSetting[] | undefined;
  /**
   * The header that takes the key; `authorization` takes it after `Bearer`.
   *
   * @default {"authorization"}
   */
  readonly keyHeader?: string | undefined;
  /**
   * Whether any model is taken. Then the case about unknown ones is left out.
   *
   * @default {false}
   */
  readonly takesAnyModel?: boolean | undefined;
  /**
   * Whether the server says how many tokens an answer took.
   *
   * @default {false}
   */
  readonly reportsUsage?: boolean | undefined;
  /**
   * Whether the server heeds the `finishReason` of its options, and so says
   * that an answer is as long as it may be.
   *
   * @default {false}
   */
  readonly reportsLength?: boolean | undefined;
  /** How pictures are asked for. Without it, the cases about them are left out. */
  readonly pictures?: PictureTarget | undefined;
  /** How tools are called. Without it, the cases about them are left out. */
  readonly tools?: ToolTarget | undefined;
}

/** One thing that a provider has to do. */
export interface ConformanceCase {
  /** What the provider does. */
  readonly name: string;
  /** Rejects where the provider does not. */
  readonly run: () => Promise<void>;
}

/** How a case is run. */
export interface CaseOptions {
  /** Whether it tries every place, however long that takes. */
  readonly isThorough: boolean;
}

/** A case before it is known of which provider. */
export interface CaseDefinition {
  /** What a provider does, in the third person. */
  readonly name: string;
  /**
   * Whether it concerns a provider.
   *
   * @default {it always does}
   */
  readonly concerns?: ((target: ConformanceTarget) => boolean) | undefined;
  /** Rejects where the provider does not. */
  readonly run: (
    target: ConformanceTarget,
    options: CaseOptions,
  ) => Promise<void>;
}
