import type {
  ChatInput,
  ChatOptions,
  ChatStream,
  Provider,
  ProviderOptions,
} from "@parley/chat";
import type { AnswerOptions } from "../upstreams/answer.ts";
import { FakeClock } from "../fake_clock.ts";
import type { FaultPlan } from "../faults/fault.ts";
import {
  createFaultyUpstream,
  type FaultyUpstream,
} from "../faults/faulty_upstream.ts";
import type { FaultyServer } from "../faults/_faulty_server.ts";
import type { RecordedRequest, Upstream } from "../upstreams/upstream.ts";
import { CountedClock } from "./counted_clock.ts";
import type { ConformanceTarget } from "./target.ts";
import { watchBodies, type WatchedBody } from "./watched_body.ts";

/** What every prompt is. */
export const PROMPT = "Name three rivers";

/** What every model answers; long enough for a fault in its middle. */
export const TOKENS: readonly string[] = [
  "Grüße",
  " aus Zürich:\n",
  "日本 ",
  "👋🏽 x",
  " [DONE]?",
  " Aare, Limmat, Sihl",
];

/** The tokens, joined. */
export const TEXT: string = TOKENS.join("");

/** Options of {@linkcode createFixture}. */
export interface FixtureOptions {
  /**
   * What befalls the requests for an answer; others, where it has a path.
   *
   * @default {nothing}
   */
  readonly plan?: FaultPlan | undefined;
  /**
   * What the model answers.
   *
   * @default {the tokens}
   */
  readonly answer?: AnswerOptions["answer"];
  /**
   * What answers.
   *
   * @default {the server of the target, with that answer}
   */
  readonly upstream?: Pick<Upstream, "fetch"> | undefined;
  /** Options of the provider, over those of the fixture. */
  readonly provider?: ProviderOptions | undefined;
  /**
   * The time of a fixture in the process.
   *
   * @default {a clock of its own}
   */
  readonly clock?: FakeClock | undefined;
  /**
   * What stands between the provider and its server.
   *
   * @default {nothing}
   */
  readonly network?:
    | ((fetch: typeof globalThis.fetch) => typeof fetch)
    | undefined;
}

/** A provider and its server, made for one case. */
export interface Fixture {
  /** The provider. */
  readonly provider: Provider;
  /** Its time, which stands still. */
  readonly clock: FakeClock;
  /** That time as the provider sees it: knows its timers, not those of faults. */
  readonly counted: CountedClock;
  /** Every request so far. */
  readonly requests: readonly RecordedRequest[];
  /** Those for an answer. */
  readonly answers: readonly RecordedRequest[];
  /** The bodies of the responses that the plan is about. */
  readonly bodies: readonly WatchedBody[];
  /** Starts a run with the options of the target. */
  stream(options?: ChatOptions, input?: ChatInput): ChatStream;
}

/** A {@linkcode Fixture} over sockets, in real time. */
export interface SocketFixture
  extends Omit<Fixture, "clock" | "counted" | "bodies">, AsyncDisposable {
  /** The server. */
  readonly server: FaultyServer;
}

/** The paths of the requests of a run. */
export interface RecordedPaths {
  /** The paths of its requests, in order. */
  readonly paths: readonly string[];
  /** Where the answer is asked for: a regular expression. */
  readonly answerPath: string;
  /**
   * Where a request may be sent again after a failure: a regular expression;
   * `undefined` where there is no such request.
   */
  readonly repeatablePath: string | undefined;
}

const facts = new WeakMap<ConformanceTarget, Promise<RecordedPaths>>();

/** Watches one run that goes well, and remembers what it asks for. */
export function recordPaths(target: ConformanceTarget): Promise<RecordedPaths> {
  const known = facts.get(target) ?? watchRun(target);
  facts.set(target, known);
  // What failed is tried again: each case then fails for its own reason.
  known.catch(() => facts.delete(target));
  return known;
}

async function watchRun(target: ConformanceTarget): Promise<RecordedPaths> {
  const upstream = createFaultyUpstream(toUpstream(target), {});
  const provider = target.create({ fetch: upstream.fetch });
  await provider.generate(PROMPT, target.options);
  const paths = upstream.requests.map(({ path }) => path);
  const [first = "", last = first] = [paths[0], paths.at(-1)];
  const answerPath = target.answerPath ?? toPattern(last);
  const { isRepeatable = true } = target;
  const hasOther = !new RegExp(answerPath).test(first);
  return {
    paths,
    answerPath,
    repeatablePath: isRepeatable
      ? answerPath
      : hasOther
      ? toPattern(first)
      : undefined,
  };
}

/** Writes the regular expression that finds a path and no other. */
export function toPattern(path: string): string {
  return `^${path.replaceAll(/[^\w/]/g, "\\$&")}$`;
}

function toUpstream(
  target: ConformanceTarget,
  answer: AnswerOptions["answer"] = () => TOKENS,
): Pick<Upstream, "fetch"> {
  return target.upstream({ answer });
}

/** Makes a provider whose network is in the process and whose time stands still. */
export async function createFixture(
  target: ConformanceTarget,
  {
    plan = {},
    answer,
    provider: options,
    clock = new FakeClock(),
    network = (fetch) => fetch,
    upstream: server = toUpstream(target, answer),
  }: FixtureOptions = {},
): Promise<Fixture> {
  const { answerPath } = await recordPaths(target);
  const upstream = createFaultyUpstream(
    server,
    { path: answerPath, ...plan },
    { clock },
  );
  const counted = new CountedClock(clock);
  const bodies: WatchedBody[] = [];
  const pattern = new RegExp(plan.path ?? answerPath);
  const provider = target.create({
    fetch: network(
      watchBodies(upstream.fetch, (path) => pattern.test(path), bodies),
    ),
    clock: counted,
    random: () => 0.5,
    ...options,
  });
  // Not spread: that would read its getter once, now.
  return Object.assign(toFixture(target, provider, upstream, answerPath), {
    clock,
    counted,
    bodies,
  });
}

/** Makes a provider whose server is on a socket, in real time. */
export async function serveFixture(
  target: ConformanceTarget,
  {
    plan = {},
    answer,
    provider: options,
    upstream: network = toUpstream(target, answer),
  }: FixtureOptions = {},
): Promise<SocketFixture> {
  const { answerPath } = await recordPaths(target);
  const upstream = createFaultyUpstream(network, { path: answerPath, ...plan });
  const server = await upstream.serve();
  // The server answers below the path at which the provider asks it.
  const { pathname, search } = new URL(target.create({}).baseUrl);
  const baseUrl = new URL(pathname + search, server.url);
  const provider = target.create({ baseUrl, ...options });
  return Object.assign(toFixture(target, provider, upstream, answerPath), {
    server,
    [Symbol.asyncDispose]: () => server.close(),
  });
}

function toFixture(
  target: ConformanceTarget,
  provider: Provider,
  { requests }: FaultyUpstream,
  answerPath: string,
): Pick<Fixture, "provider" | "requests" | "answers" | "stream"> {
  const pattern = new RegExp(answerPath);
  return {
    provider,
    requests,
    get answers(): readonly RecordedRequest[] {
      return requests.filter(({ path }) => pattern.test(path));
    },
    stream: (options, input = PROMPT) =>
      provider.stream(input, { ...target.options, ...options }),
  };
}
