/**
 * What a run gives to a provider.
 *
 * @module
 */

import { type AttemptLog, recordStatus } from "./attempt_log.ts";
import { type ClockLimits, TOTAL_ONLY } from "../http/clocks.ts";
import type { RunContext } from "../chat/definition.ts";
import type {
  DetachedRequest,
  UpstreamRequest,
  UpstreamResponse,
} from "../chat/exchange.ts";
import { ProviderError } from "../chat/errors.ts";
import { classifyAnswer } from "../http/failure.ts";
import { findError, type UpstreamError } from "../http/find_error.ts";
import { toWait } from "../http/retry_after.ts";
import { sendForStatus, sendRequest } from "../http/send_request.ts";
import type { RunPlan } from "./run_plan.ts";
import { OpenScope, type Scope } from "../http/scope.ts";
import { isString, NOTHING } from "../streams/values.ts";
import { addSecret, cleanText } from "../http/redactor.ts";

/** How long a request may take that outlives its run. */
const NOTIFY_TIMEOUTS: ClockLimits = { ...TOTAL_ONLY, total: 2_000 };

/**
 * Where a context keeps its scope, for every copy of the library: a function
 * that is not enumerable, so that printing a context shows no key.
 */
const SCOPE = /* @__PURE__ */ Symbol.for("@parley/chat/Scope");

/** The most characters of a text that is looked for as a key is. */
const MAX_SECRET = 1024;

/** A failure of which nothing is said. */
const WORDLESS: UpstreamError = { message: "", codes: [] };

/** What a provider works with, in one attempt after another. */
export interface AttemptContext extends RunContext {
  attempt: number;
}

/** A {@linkcode RunContext} that a run of this library made. */
interface ScopedContext extends RunContext {
  readonly [SCOPE]?: () => Scope;
}

/**
 * Makes what a provider works with.
 *
 * @param plan What the run is to do.
 * @param scope What its requests share.
 * @param log Records the status of each response.
 */
export function toContext(
  plan: RunPlan,
  scope: OpenScope,
  log: AttemptLog,
): AttemptContext {
  async function send(
    method: "GET" | "POST",
    path: string,
    request: UpstreamRequest = {},
    within: Scope = scope,
  ): Promise<UpstreamResponse> {
    const response = await sendRequest(method, path, request, within);
    recordStatus(log, response.status);
    return response;
  }
  const { config, redactor } = scope;
  const context: AttemptContext = {
    model: plan.model,
    messages: plan.messages,
    options: plan.options,
    providerOptions: config.providerOptions,
    settings: Object.fromEntries(
      plan.settings.map((name) => [name, plan.options[name]]),
    ),
    tools: plan.tools?.tools ?? NOTHING,
    toolChoice: plan.tools?.toolChoice,
    output: plan.tools?.output,
    attempt: 0,
    signal: scope.signal,
    baseUrl: config.baseUrl,
    origin: config.origin,
    limits: config.limits,
    conversation: plan.options.conversation,
    partialConversation: undefined,
    randomUuid(): string {
      const uuid = config.randomUuid();
      // It may name a device or a chat.
      addSecret(redactor, uuid);
      return uuid;
    },
    redact(text): void {
      // A part of what is long is enough to know it: it is looked for as prompts are.
      if (text.length > MAX_SECRET) redactor.prompts.push(text);
      else addSecret(redactor, text);
    },
    now: () => config.clock.now(),
    get: (path, request) => send("GET", path, request),
    post: (path, request) => send("POST", path, request),
    async notify(method, path, request = {}): Promise<void> {
      const ownScope = new OpenScope(config, {
        timeouts: NOTIFY_TIMEOUTS,
        headers: scope.headers,
        transport: scope.transport,
      });
      ownScope.start();
      const task = sendForStatus(method, path, request, ownScope)
        .catch(() => {})
        .finally(() => ownScope.close());
      scope.outlive(task);
      await task;
    },
    postDetached(path, request = {}): DetachedRequest {
      const { headers, transport, clocks } = scope;
      const own = new OpenScope(config, { headers, transport });
      scope.outlive(
        new Promise((resolve) => own.signal.addEventListener("abort", resolve)),
      );
      return {
        response: send("POST", path, request, { ...own, clocks, redactor }),
        close: () => own.close(),
      };
    },
    toUpstreamError(answer, options = {}) {
      const { reason = "Upstream failed", repeatable = true } = options;
      const error = findError(answer) ??
        (isString(answer) ? WORDLESS : undefined);
      if (error === undefined) {
        return context.fail(reason, { code: "bad-response" });
      }
      const { code, retryable } = classifyAnswer(
        { body: answer, error },
        config,
      );
      const { message, codes: [name], param, retryAfter } = error;
      return context.fail(reason, {
        code,
        retryable: retryable && repeatable,
        retryAfter: toWait(retryAfter, config.clock.now()),
        param: param && cleanText(redactor, param),
        words: name === undefined ? message : `${message} (${name})`,
      });
    },
    fail(reason, { words = "", ...options }): ProviderError {
      const body = cleanText(redactor, words) || undefined;
      return new ProviderError(body ? `${reason}: ${body}` : reason, {
        ...options,
        body,
      });
    },
  };
  return Object.defineProperty(context, SCOPE, { value: () => scope });
}

/**
 * Finds what the requests of a run share.
 *
 * @param run What a provider was given.
 * @throws {TypeError} If it is anything else.
 */
export function toScope(run: RunContext): Scope {
  const { [SCOPE]: getScope }: ScopedContext = run;
  if (getScope !== undefined) return getScope();
  throw new TypeError("Run is of unknown origin");
}
