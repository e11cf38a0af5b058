import { findAnswer, mayBeTooOld, toOwnTime } from "./_facts.ts";
import type { Laws } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";
import { SECRET } from "./_random_faults.ts";

/** How long a request may take to come, in milliseconds. */
const BODY_TIMEOUT = 10_000;

/** What must be true of what a gateway answers. */
export const GATEWAY_LAWS: Laws<Outcome> = {
  *"a request that comes too slowly is refused in time, and no other"(
    { caller, status, ending, startedAt, headAt = 0 },
    { isUndisturbed },
  ) {
    if (status === undefined || status === 429 || ending === "left") return;
    if (caller.wrong === "key") return;
    const isSlow = (caller.upload ?? 0) > BODY_TIMEOUT;
    const isRefused = status === 408;
    const hasWaited = headAt - startedAt;
    const isLate = isUndisturbed && hasWaited > BODY_TIMEOUT;
    if (isSlow === isRefused && !(isRefused && isLate)) return;
    yield `is ${isRefused ? "" : "not "}refused after ${hasWaited} ms`;
  },

  *"a client waits no longer for a byte than it was promised"(
    { instance, silence },
    { world, instances },
  ) {
    if (instances[instance]?.clock.hasJumped) return;
    if (silence <= (world.gateway.keepAlive ?? Infinity)) return;
    yield `waits for ${silence} ms`;
  },

  *"a client waits no longer for a head than it was promised"(
    { caller, startedAt, headAt = 0, byteAt = headAt },
    { world, isUndisturbed },
  ) {
    const { holdHead } = world.gateway;
    if (!holdHead || !isUndisturbed || !caller.stream) return;
    if (caller.form === "pictures") return;
    const { upload = 0, pace = 0, pause } = caller;
    const waited = headAt - startedAt;
    if (waited > holdHead + upload) yield `waits for ${waited} ms`;
    // A head that comes alone comes with a sign of life.
    const ownTime = pace + (pause?.after === 0 ? pause.ms : 0);
    if (byteAt <= headAt + ownTime) return;
    yield `has a head, and waits for ${byteAt - headAt} ms`;
  },

  *"a whole answer comes with its conversation"(outcome, { isUndisturbed }) {
    const { caller, ending, next, headers } = outcome;
    if (ending !== "whole" || caller.form !== "chunks") return;
    if (!isUndisturbed) return;
    const isSaid = caller.stream ||
      headers?.get("x-conversation") === next?.token;
    if (next?.token === undefined || !isSaid) yield "has no token";
  },

  *"what was tried already is not to be tried again"(
    { status = 0, headers, exchanges, ending },
  ) {
    if (status < 400 || exchanges.length === 0 || ending === "left") return;
    const advice = headers?.get("x-should-retry");
    if (advice !== "false") yield `is told ${status} and ${advice}`;
  },

  *"a token that is too old is refused"(outcome, { isOnTime }) {
    if (outcome.ending !== "whole" || !isOnTime) return;
    if (mayBeTooOld(outcome, true)) yield "is answered";
  },

  *"the log has a request as it ended"(outcome, history) {
    const { caller, headers, status, ending, error, exchanges } = outcome;
    const id = headers?.get("x-request-id");
    const log = history.instances[outcome.instance]?.log ?? [];
    const entry = log.find(({ requestId }) => requestId === id);
    // What was left may take a moment.
    if (!id || entry === undefined && ending === "left") return;
    if (entry?.status !== status) yield "has another status in the log";
    if (JSON.stringify(entry)?.includes(SECRET)) yield "has a key in the log";
    const isWhole = entry?.outcome === "complete";
    const mayBeWhole = ending === "whole" || ending === "left" && !error;
    if (ending === "whole" && !isWhole || isWhole && !mayBeWhole) {
      yield `is ${ending}, and logged as ${entry?.outcome}`;
    }
    if (entry?.status === 499 && entry.outcome !== "aborted") {
      yield `has left, and is logged as ${entry.outcome}`;
    }
    if (entry?.failures?.some(({ code }) => code === "aborted")) {
      yield "has left, and is logged as a failure";
    }
    // Who leaves, or loses a race, may do so before a request is sent.
    const { hedgeAfter } = history.world.failover;
    const isEarly = ending === "left" || hedgeAfter !== null;
    const { attempts = 0 } = entry ?? {};
    const { length } = exchanges;
    const isRight = attempts === length || isEarly && attempts === length + 1;
    if (!isRight && entry?.status !== 499 && !history.kinds.has("chat-ui")) {
      yield `is logged with ${attempts} of ${length} attempts`;
    }
    if (ending === "left" || error !== undefined) return;
    const { provider, usage, code, model, ms = 0 } = entry ?? {};
    const { form } = caller;
    // Some have a type only.
    const isNamed = form === "chunks" &&
      outcome.code !== "invalid_request_error";
    if (status === 200 && isNamed && code !== outcome.code) {
      yield `fails with ${outcome.code}, and is logged with ${code}`;
    }
    const took = (outcome.releasedAt ?? outcome.endedAt ?? 0) -
      outcome.startedAt;
    const least = toOwnTime(caller) > 0 ? 0 : took - 1;
    if ((ms > took + 1 || ms < least) && history.isOnTime) {
      yield `took ${took}, and is logged with ${ms} ms`;
    }
    if (ending === "whole") {
      const { provider: answerer = provider, tokens } = outcome;
      const wanted = form === "pictures" ? "draw" : "chat";
      const isNamedSo = model === wanted && provider === answerer &&
        (!usage || usage.outputTokens === tokens?.output);
      if (!isNamedSo) yield `is logged with ${model}, ${provider}, ${usage}`;
      const { tokens: told, faults = [] } = findAnswer(outcome) ?? {};
      const isCut = caller.stop !== undefined || faults.length > 0;
      if (told && !isCut && !usage) yield "is logged without what it costs";
    }
  },
};
