import type { Clock } from "../../mod.ts";
import { SYSTEM_CLOCK } from "../../core/provider.ts";
import {
  type FaultyResponse,
  toFaultyResponse,
  toResponse,
} from "../../packages/testing/faults/_faulty_response.ts";
import {
  type FaultyServer,
  serveFaults,
} from "../../packages/testing/faults/_faulty_server.ts";
import type { FaultPlan } from "@parley/testing";
import { answerCompletion, readCompletion } from "./_wall_answer.ts";
import { toWallPlan } from "./_wall_plans.ts";

/** A request that a {@linkcode Wall} received. */
export interface WallRequest {
  readonly model: string;
  /** When it came, in milliseconds since 1970. */
  readonly time: number;
  /** The roles of its messages. */
  readonly roles: readonly string[];
  /** Whether the client has left before the answer was whole. */
  readonly isLeft: boolean;
}

/** A server like OpenAI's where the name of the model picks what befalls. */
export interface Wall {
  /** Every request so far. */
  readonly requests: readonly WallRequest[];
  /** Answers in the process. */
  readonly fetch: typeof fetch;
  /** Listens on `127.0.0.1`. */
  serve(): Promise<FaultyServer>;
  /** When a model was asked, in milliseconds since the wall was made. */
  toTimes(model: string): readonly number[];
}

/** Options of {@linkcode createWall}. */
export interface WallOptions {
  /** Where time comes from. */
  readonly clock?: Clock | undefined;
  /** For how long the model "flapping" is down, in milliseconds. */
  readonly outage?: number | undefined;
  /** The model whose answer all of them give; without it, each has its own. */
  readonly voice?: string | undefined;
}

/** Makes a server like OpenAI's that things befall. */
export function createWall(
  { clock = SYSTEM_CLOCK, outage = 60_000, voice }: WallOptions = {},
): Wall {
  const start = clock.now();
  const requests: WallRequest[] = [];

  function toPlan(model: string): FaultPlan {
    const { times = Infinity, ...plan } = toWallPlan(model);
    const count = requests.filter((request) => request.model === model).length;
    const isOver = model === "flapping" && clock.now() - start >= outage;
    return count > times || isOver ? {} : plan;
  }

  async function exchange(
    request: Request,
    signal: AbortSignal,
  ): Promise<FaultyResponse> {
    const completion = await readCompletion(request);
    const { model, messages } = completion;
    let isWhole = false;
    requests.push({
      model,
      time: clock.now(),
      roles: messages.map(({ role }) => role),
      get isLeft() {
        return signal.aborted && !isWhole;
      },
    });
    const response = await toFaultyResponse({
      respond: () =>
        Promise.resolve(answerCompletion(completion, {
          clock,
          voice: voice ?? model,
          onEnd() {
            isWhole = true;
          },
        })),
      plan: toPlan(model),
      clock,
      signal,
    });
    return response;
  }

  return {
    requests,
    async fetch(input, init) {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const left = new AbortController();
      const signal = AbortSignal.any([left.signal, request.signal]);
      return toResponse(await exchange(request, signal), left);
    },
    serve: () => serveFaults(0, exchange),
    toTimes: (model) =>
      requests.filter((request) => request.model === model)
        .map(({ time }) => time - start),
  };
}
