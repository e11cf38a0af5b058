import { CHAT_UI } from "../_providers.ts";
import type { Mutant } from "./_mutants.ts";

/** Ways in which a run can be broken. */
export const CORE_MUTANTS: readonly Mutant[] = [
  {
    what: "tries again after the first text",
    caughtBy: "sends nothing again after the first text",
    file: "core/run/run_attempts.ts",
    find: "reader.hasShown || attempt > maxRetries",
    replace: "attempt > maxRetries",
  },
  {
    what: "takes an answer that ends early for a whole one",
    caughtBy: "fails where the body ends before its end marker",
    file: "core/run/run_attempts.ts",
    find: "if (done) {",
    replace:
      'if (done) return reader.read({ type: "finish", reason: "stop" });\nif (done) {',
  },
  {
    what: "forgets the finish event",
    caughtBy: "ends with one finish event, and its text is whole",
    file: "core/run/run_attempts.ts",
    find: "      last,\n    ]",
    replace: "    ]",
  },
  {
    what: "says something after the finish event",
    caughtBy: "ends with one finish event, and its text is whole",
    file: "core/run/run.ts",
    find: "return value;",
    replace:
      'return done ? [...value, { type: "text", text: "more" }] : value;',
  },
  {
    what: "loses the partial answer of a failure",
    caughtBy: "fails where the connection breaks after any byte",
    file: "core/run/run.ts",
    find: "partial: partial.held?.() ?? toPartialAnswer(partial),",
    replace: 'partial: { text: "", reasoning: "", images: [] },',
  },
  {
    what: "wraps the reason of the caller's signal",
    caughtBy: "ends with the reason of an abort while it streams",
    file: "core/run/run.ts",
    find: "if (this.#isReason(error)) return error;",
    replace: "",
  },
  {
    what: "makes return() wait for a pending read",
    caughtBy: "settles return() at once, and the reads that wait",
    file: "core/run/run.ts",
    find: "this.#scope?.abort(toClosed());",
    replace: "",
  },
  {
    what: "counts keep-alives as content",
    caughtBy: "takes keep-alives for no token",
    file: "core/http/http_response.ts",
    find: "new DecodedBatches(this.#reader, decoder, toStreamFailure)",
    replace: `new DecodedBatches({
      cancel: () => this.#reader.cancel(),
      read: async () => {
        const piece = await this.#reader.read();
        this.#scope.clocks.progress();
        return piece;
      },
    }, decoder, toStreamFailure)`,
  },
  {
    what: "gives a conversation although the run fails",
    caughtBy:
      "tells of no conversation where it fails, and leaves the given one",
    file: "core/run/run_attempts.ts",
    find: "endAttempt(log, failure);",
    replace: "endAttempt(log, failure);\nif (context.conversation) {" +
      'yield [{ type: "conversation", conversation: context.conversation }]; }',
    target: CHAT_UI,
  },
  {
    what: "leaks its timers",
    caughtBy: "waits 180 s for the first token, or as long as an option says",
    file: "core/http/clocks.ts",
    find: "    this.#waitingSince = Infinity;\n    this.#clear();\n",
    replace: "",
  },
  {
    what: "has no clock for the whole run",
    caughtBy: "takes its time in all, or as long as an option says",
    file: "core/http/clocks.ts",
    find: "const limit = this.#limits[phase];",
    replace: 'const limit = phase === "total" ? null : this.#limits[phase];',
  },
  {
    what: "counts the time of a slow reader as silence",
    caughtBy: "takes the time of a slow reader for no silence",
    file: "core/http/clocks.ts",
    find: "    }\n    this.#waitingSince = Infinity;\n  }",
    replace: "    }\n  }",
  },
  {
    what: "lets the clock for the headers run on",
    caughtBy: "waits for each token anew",
    file: "core/http/send_request.ts",
    find: "    stopClock();\n",
    replace: "",
  },
  {
    what: "waits without jitter",
    caughtBy: "doubles its waits from 0.5 s to 8 s, and leaves some to chance",
    file: "core/http/retry_after.ts",
    find: "delay - chance,",
    replace: "delay,",
  },
  {
    what: "does not wait as long as it is told",
    caughtBy: "waits at least as long as Retry-After says",
    file: "core/http/retry_after.ts",
    find: "retryAfter === undefined ? 0 : retryAfter + chance,",
    replace: "0,",
  },
  {
    what: "waits for an hour where it is told so",
    caughtBy: "waits no longer than 60 s, and says so",
    file: "core/http/retry_after.ts",
    find: "(failure.retryAfter ?? 0) <= maxDelay",
    replace: "true",
  },
  {
    what: "starts before the first read",
    caughtBy: "sends nothing before the first read",
    file: "core/run/run_stream.ts",
    find: "run.onAbort = discard;",
    replace: "void run.next().catch(() => {});",
  },
  {
    what: "takes a second loop for an empty run",
    caughtBy: "rejects who reads a second time",
    file: "core/run/event_stream.ts",
    find:
      "if (this.#reader !== undefined && !isIterated) throw this.#toReadError();",
    replace: "",
  },
  {
    what: "loses an event where two are asked for at once",
    caughtBy: "answers reads that wait at once in their order, then is done",
    file: "core/streams/batch_iterator.ts",
    find: "return void this.#waiters.push(waiter);",
    replace: "return void (this.#waiters[0] = waiter);",
  },
  {
    what: "leaves the body without cancelling it",
    caughtBy: "gives up an event that is longer than its limit",
    file: "core/streams/body_reader.ts",
    find: "reader.cancel(this.#options.signal?.reason).catch(() => {});",
    replace: "reader.releaseLock();",
  },
  {
    what: "reads ahead of a slow reader",
    caughtBy: "does not read ahead of a slow reader",
    file: "core/http/http_response.ts",
    find: "isPage ? refusePage(body, status) : body, {",
    replace: "body.pipeThrough(new TransformStream(undefined, undefined, " +
      "{ highWaterMark: 1e6 })), {",
  },
  {
    what: "reads every piece by itself",
    caughtBy: "answers the same with every character cut",
    file: "core/streams/lines.ts",
    find: "decoder.decode(piece, { stream: true })",
    replace: "decoder.decode(piece)",
  },
  {
    what: "keeps a line without end",
    caughtBy: "gives up an event that is longer than its limit",
    file: "core/streams/lines.ts",
    find: "if (length > limit) throw",
    replace: "if (false) throw",
  },
];
