// Promise 6: what is tried again, how often, and when.
import { assert, assertEquals } from "@std/assert";
import type { ChatOptions, ProviderOptions } from "../../mod.ts";
import { TestBody } from "../_body.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import {
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
} from "./_providers.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { NO_TIMEOUTS } from "../../packages/testing/conformance/waiting.ts";
import { type Respond, ScriptedFetch, toResponse } from "./_scripted_fetch.ts";

const REPEATED = [408, 429, 500, 502, 503, 504, 529];
const FINAL = [400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 451];

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<number, string>> = {
  408: " [S06]",
  429: " [S10]",
  500: " [S13]",
  502: " [S13]",
  503: " [S13] [R03]",
  504: " [S13]",
  529: " [S13]",
};

interface Trial {
  readonly provider: ProviderCase;
  /** Answers every request, that which leads to an answer included. */
  readonly first?: Respond;
  /** Answers requests for an answer. */
  readonly respond?: Respond;
  readonly options?: ProviderOptions;
  readonly run?: ChatOptions;
}

/** Runs to the end without waiting for time to pass. */
function tryOut({ provider, first, respond, options, run }: Trial) {
  const clock = new FakeClock();
  const network = new ScriptedFetch(respond ?? (() => new Response()));
  network.first = first;
  const instance = provider.create({
    fetch: network.fetch,
    clock,
    random: () => 0,
    timeouts: NO_TIMEOUTS,
    ...options,
  });
  const waits: number[] = [];
  const generate = () =>
    clock.skipWaits(
      instance.generate("Hello", run),
      (ms) => waits.push(ms),
    );
  return { clock, network, waits, generate };
}

function fail(status: number, headers: HeadersInit = {}): Respond {
  return () => new Response("no", { status, headers });
}

for (const provider of PROVIDERS) {
  for (const status of REPEATED) {
    Deno.test(`${provider.name} tries thrice where the first request gets ${status}${FAULTS[status] ?? ""}`, async () => {
      const trial = tryOut({ provider, first: fail(status) });
      const error = await catchError(trial.generate());
      assertEquals(error.status, status);
      assertEquals(trial.network.requests.length, 3);
      assertEquals(trial.waits, [500, 1_000]);
      assertEquals(error.retryable, true);
      assertEquals(
        error.attempts?.map(({ status, code }) => ({ status, code })),
        Array(3).fill({ status, code: error.code }),
      );
    });
  }

  Deno.test(`${provider.name} tries once where a retry cannot mend [R05]`, async () => {
    for (const status of FINAL) {
      const trial = tryOut({ provider, first: fail(status) });
      const error = await catchError(trial.generate());
      assertEquals(error.status, status);
      assertEquals(trial.network.requests.length, 1, `status ${status}`);
      assertEquals(error.attempts?.length, 1);
      assertEquals(error.retryable, false);
    }
  });

  Deno.test(`${provider.name} tries thrice where the network fails [R03]`, async () => {
    const first = () => Promise.reject(new TypeError("unreachable"));
    const trial = tryOut({ provider, first });
    const error = await catchError(trial.generate());
    assertEquals(error.code, "network");
    assertEquals(trial.network.requests.length, 3);
    assertEquals(error.attempts?.length, 3);
  });

  Deno.test(`${provider.name} tells its attempts when it succeeds`, async () => {
    const trial = tryOut({
      provider,
      respond: (count) =>
        count < 3
          ? new Response("no", { status: 503 })
          : toResponse(provider, toAnswer(provider)),
    });
    const { text, attempts } = await trial.generate();
    assertEquals(text, provider.text);
    assertEquals(attempts.map(({ code }) => code), [
      "upstream",
      "upstream",
      undefined,
    ]);
    assertEquals(attempts.map(({ status }) => status), [503, 503, 200]);
    for (const attempt of attempts) {
      assertEquals(attempt.provider, provider.name);
      assert(attempt.endMs !== undefined);
    }
  });

  Deno.test(`${provider.name} doubles its waits up to 8 s [R04]`, async () => {
    const options = { maxRetries: 6 };
    const trial = tryOut({ provider, first: fail(500), options });
    await catchError(trial.generate());
    assertEquals(trial.waits, [500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  Deno.test(`${provider.name} leaves part of its waits to chance [R04]`, async () => {
    const options = { random: () => 0.5 };
    const trial = tryOut({ provider, first: fail(500), options });
    await catchError(trial.generate());
    assertEquals(trial.waits.length, 2);
    trial.waits.forEach((wait, index) => {
      assert(wait > 0 && wait < 500 * 2 ** index);
    });
  });

  Deno.test(`${provider.name} heeds maxRetries [R03]`, async () => {
    const { network, generate } = tryOut({
      provider,
      first: fail(500),
      options: { maxRetries: 5 },
      run: { maxRetries: 1 },
    });
    await catchError(generate());
    assertEquals(network.requests.length, 2);
    const never = tryOut({
      provider,
      first: fail(500),
      options: { maxRetries: 0 },
    });
    await catchError(never.generate());
    assertEquals(never.network.requests.length, 1);
  });

  Deno.test(`${provider.name} waits as long as Retry-After says [S10] [S11]`, async () => {
    const date = new Date(new FakeClock().now() + 60_000).toUTCString();
    for (const [value, wait] of [["7", 7_000], [date, 60_000]] as const) {
      const trial = tryOut({
        provider,
        first: fail(429, { "retry-after": value }),
        run: { maxRetries: 1 },
      });
      const error = await catchError(trial.generate());
      assertEquals(trial.waits, [wait]);
      assertEquals(error.code, "rate-limit");
    }
  });

  Deno.test(`${provider.name} does not wait for more than 60 s [S12]`, async () => {
    const date = new Date(new FakeClock().now() + 61_000).toUTCString();
    for (const value of ["61", date]) {
      const first = fail(503, { "retry-after": value });
      const trial = tryOut({ provider, first });
      const error = await catchError(trial.generate());
      assertEquals(trial.network.requests.length, 1);
      assertEquals([error.retryAfter, trial.waits], [61_000, []]);
      assertEquals(error.retryable, true);
    }
  });

  Deno.test(`${provider.name} does not try again after the first text [R01]`, async () => {
    const trial = tryOut({
      provider,
      respond: () => {
        const body = new TestBody([provider.beginning], new TypeError("reset"));
        return toResponse(provider, body.stream);
      },
    });
    const error = await catchError(trial.generate());
    assertEquals(error.code, "incomplete");
    assertEquals(trial.network.answers.length, 1);
    assertEquals(error.partial?.text, "Grüße");
    assertEquals(error.attempts?.length, 1);
  });

  Deno.test(`${provider.name} does not try again after silence [M03]`, async () => {
    const trial = tryOut({
      provider,
      respond: () => toResponse(provider, new TestBody([], "hang").stream),
      options: { timeouts: { ...NO_TIMEOUTS, firstToken: 1_000 } },
    });
    const error = await catchError(trial.generate());
    assertEquals([error.code, error.phase], ["timeout", "first-token"]);
    assertEquals(trial.network.answers.length, 1);
    assertEquals(error.attempts?.length, 1);
  });

  Deno.test(`${provider.name} sends its answer request again where it may [R02]`, async () => {
    const failures: Record<string, Respond> = {
      "500": fail(500),
      "408": fail(408),
      "network": () => Promise.reject(new TypeError("unreachable")),
      "cut": () =>
        toResponse(provider, new TestBody([], new TypeError("reset")).stream),
    };
    for (const [name, respond] of Object.entries(failures)) {
      const trial = tryOut({ provider, respond });
      await catchError(trial.generate());
      const expected = provider.isRepeatable ? 3 : 1;
      assertEquals(trial.network.answers.length, expected, name);
    }
  });
}

Deno.test("A message of a kept conversation is sent again after 429 and 503 only [R02]", async () => {
  for (const status of [...REPEATED, ...FINAL]) {
    const trial = tryOut({ provider: CHAT_UI, respond: fail(status) });
    await catchError(trial.generate());
    const count = status === 429 || status === 503 ? 3 : 1;
    assertEquals(trial.network.answers.length, count, `status ${status}`);
    // The conversation is created once, whatever comes.
    const created = trial.network.requests.filter(({ url }) =>
      url.endsWith("/conversation")
    );
    assertEquals(created.length, 1);
  }
});
