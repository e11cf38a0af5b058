import {
  findExchanges,
  type History,
  type Invariants,
  isOnTime,
  isUndisturbed,
} from "./_history.ts";
import { mayBeTooOld } from "./_answer_invariants.ts";
import type { Outcome } from "./_outcome.ts";

/** How long a request may take to come, in milliseconds. */
const BODY_TIMEOUT = 10_000;

/** What must be true of what a gateway answers. */
export const GATEWAY_INVARIANTS: Invariants<Outcome> = {
  *"a wrong key is refused, and no other"({ caller, status }) {
    if (status === undefined) return;
    if ((caller.wrong === "key") === (status === 401)) return;
    yield `Question ${caller.question} has status ${status}`;
  },

  *"a request that comes too slowly is refused in time, and no other"(
    { caller, status, ending, startedAt, headAt = 0 },
    history,
  ) {
    if (status === undefined || status === 429 || ending === "left") return;
    if (caller.wrong === "key") return;
    const isSlow = (caller.upload ?? 0) > BODY_TIMEOUT;
    const isRefused = status === 408;
    const hasWaited = headAt - startedAt;
    const isLate = isUndisturbed(history) && hasWaited > BODY_TIMEOUT;
    if (isSlow === isRefused && !(isRefused && isLate)) return;
    yield `Question ${caller.question} is ${isRefused ? "" : "not "}refused ` +
      `after ${hasWaited} ms`;
  },

  *"a client waits no longer for a byte than it was promised"(
    { caller, instance, silence },
    { world, instances },
  ) {
    const { keepAlive } = world.gateway;
    if (instances[instance]?.clock.hasJumped) return;
    if (silence <= (keepAlive ?? Infinity)) return;
    yield `Question ${caller.question} waits for ${silence} ms`;
  },

  *"a client waits no longer for a head than it was promised"(
    { caller, startedAt, headAt = 0 },
    history,
  ) {
    const { holdHead } = history.world.gateway;
    if (holdHead === null || !isUndisturbed(history)) return;
    if (!caller.stream || caller.form === "pictures") return;
    if (headAt - startedAt <= holdHead + (caller.upload ?? 0)) return;
    yield `Question ${caller.question} waits for ${headAt - startedAt} ms`;
  },

  *"a whole answer comes with its conversation"(outcome, history) {
    const { caller, ending, next, headers } = outcome;
    if (ending !== "whole" || caller.form !== "chunks") return;
    if (!isUndisturbed(history)) return;
    const isSaid = caller.stream ||
      headers?.get("x-conversation") === next?.token;
    if (next?.token !== undefined && isSaid) return;
    yield `Question ${caller.question} has no token`;
  },

  *"a token that is too old is refused"(outcome, history) {
    const { caller, ending } = outcome;
    if (ending !== "whole" || !isOnTime(history)) return;
    if (!mayBeTooOld(outcome, true)) return;
    yield `Question ${caller.question} is answered`;
  },

  *"the log has a request as it ended"(outcome, history) {
    const { caller, headers, status, ending, error, instance } = outcome;
    const id = headers?.get("x-request-id");
    if (!id || ending === "died") return;
    const log = history.instances[instance]?.log ?? [];
    const [entry] = log.filter(({ requestId }) => requestId === id);
    const name = `Question ${caller.question}`;
    // What was left may take a moment.
    if (entry === undefined && ending === "left") return;
    if (entry?.status !== status) yield `${name} has another status`;
    const isWhole = entry?.outcome === "complete";
    if (ending === "whole" && !isWhole) {
      yield `${name} is whole, and logged as ${entry?.outcome}`;
    }
    if (ending === "failed" && isWhole) yield `${name} is logged as whole`;
    if (ending === "left" && error && isWhole) {
      yield `${name} has left, and is logged as whole`;
    }
    if (ending === "left" || error !== undefined) return;
    const { provider, usage, code, model, ms = 0 } = entry ?? {};
    // Some have a type only.
    const isNamed = caller.form === "chunks" &&
      outcome.code !== "invalid_request_error";
    if (status === 200 && isNamed && code !== outcome.code) {
      yield `${name} fails with ${outcome.code}, and is logged with ${code}`;
    }
    if (status === 499 && entry?.outcome !== "aborted") {
      yield `${name} has left, and is logged as ${entry?.outcome}`;
    }
    const { form } = caller;
    if (
      ending === "whole" && model !== (form === "pictures" ? "draw" : "chat")
    ) {
      yield `${name} is logged as one to ${model}`;
    }
    const took = (outcome.releasedAt ?? outcome.endedAt ?? 0) -
      outcome.startedAt;
    if (ms > took + 1 && isOnTime(history)) {
      yield `${name} took ${took}, and is logged with ${ms} ms`;
    }
    const { provider: answerer = provider } = outcome;
    if (ending === "whole" && provider !== answerer) {
      yield `${name} is answered by ${answerer}, not ${provider}`;
    }
    if (ending === "whole" && usage && usage.outputTokens !== outcome.tokens) {
      yield `${name} is logged with ${usage.outputTokens} tokens`;
    }
    if (history.world.servers.some(({ kind }) => kind === "chat-ui")) return;
    const seen = findExchanges(history, outcome).length;
    // One that loses a race may do so before a request is sent.
    const { hedgeAfter } = history.world.failover;
    const attempts = entry?.attempts ?? 0;
    if (attempts === seen) return;
    if (hedgeAfter !== null && attempts === seen + 1) return;
    yield `${name} is logged with ${entry?.attempts} of ${seen} attempts`;
  },
};

/** What must be true of gateways while nobody asks. */
export const LOG_INVARIANTS: Invariants<History> = {
  *"the log has each request once"({ world, outcomes, instances }) {
    if (world.over !== "gateway") return;
    for (const [index, { log, signal }] of instances.entries()) {
      if (signal.aborted) continue;
      const { length } = outcomes.filter(({ instance }) => instance === index);
      const ids = new Set(log.map(({ requestId }) => requestId));
      if (log.length === length && ids.size === length) continue;
      yield `${length} requests have ${log.length} entries of ${ids.size}`;
    }
  },
};
