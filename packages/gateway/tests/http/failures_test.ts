import { assert, assertEquals } from "@std/assert";
import {
  createAutonomousAi,
  type ErrorCode,
  ProviderError,
} from "@parley/chat";
import {
  createAutonomousAiUpstream,
  createFaultyUpstream,
  FakeClock,
} from "@parley/testing";
import type { HeadFault } from "../../../testing/faults/fault.ts";
import type { LogEntry } from "../../mod.ts";
import { toFailure } from "../../http/failures.ts";
import { ask, open, readError } from "../_gateway.ts";

const EXPECTED: Readonly<
  Record<ErrorCode, readonly [status: number, code: string | null]>
> = {
  "invalid-request": [400, null],
  "unknown-provider": [404, "model_not_found"],
  "unknown-model": [404, "model_not_found"],
  "unsupported": [400, "unsupported_value"],
  "context-length": [400, "context_length_exceeded"],
  "content-filter": [400, "content_policy_violation"],
  "authentication": [502, "upstream_authentication"],
  "not-found": [502, "upstream_not_found"],
  "conversation-expired": [422, "invalid_conversation"],
  "conflict": [409, "conflict"],
  "rate-limit": [429, "rate_limit_exceeded"],
  "upstream": [502, "upstream_error"],
  "bad-response": [502, "bad_response"],
  "incomplete": [502, "incomplete"],
  "invalid-output": [502, "invalid_output"],
  "network": [502, "network"],
  "timeout": [504, "timeout"],
  "too-large": [502, "too_large"],
  "unsafe-url": [502, "unsafe_url"],
  "bad-image": [502, "bad_image"],
};

for (const [code, [status, told]] of Object.entries(EXPECTED)) {
  Deno.test(`toFailure() of ${code} is ${status} ${told}`, () => {
    const error = new ProviderError("No", { code: code as ErrorCode });
    const failure = toFailure(error);
    assertEquals([failure.status, failure.error.code], [status, told]);
  });
}

Deno.test("toFailure() tells nothing of what is no error of a run [W23]", () => {
  const failure = toFailure(new Error("sk-secret"));
  assertEquals(failure.status, 500);
  assert(!JSON.stringify(failure).includes("secret"));
});

Deno.test("toFailure() leaves out what the upstream said [W21]", () => {
  const body = "<h1>nginx: secret.internal</h1>";
  const error = new ProviderError(`Status is 500: ${body}`, {
    code: "upstream",
    body,
  });
  assertEquals(toFailure(error).error.message, "Status is 500");
});

Deno.test("toFailure() leaves out where the upstream is [W21]", () => {
  const error = new ProviderError(
    'Cannot stream from "Up": request failed: POST http://10.1.2.3:8080/v1',
    { code: "network" },
  );
  assertEquals(
    toFailure(error).error.message,
    'Cannot stream from "Up": request failed',
  );
});

Deno.test("toFailure() asks for a wait in whole seconds", () => {
  const wait = (retryAfter?: number, code: ErrorCode = "rate-limit") =>
    toFailure(new ProviderError("No", { code, retryAfter }))
      .headers["retry-after"];
  assertEquals([wait(1), wait(7_000), wait()], ["1", "7", "1"]);
  assertEquals([wait(7_001, "upstream"), wait(undefined, "upstream")], [
    "8",
    undefined,
  ]);
  assertEquals(wait(Infinity), "86400");
});

Deno.test("toFailure() says where it makes no sense to ask again", () => {
  const header = (code: ErrorCode, isExhausted?: boolean) =>
    toFailure(new ProviderError("No", { code }), isExhausted)
      .headers["x-should-retry"];
  assertEquals(header("upstream"), undefined);
  assertEquals(header("upstream", true), "false");
  assertEquals(header("authentication"), "false");
});

const SECRETS = {
  "set-cookie": "upstream=secret",
  "server": "nginx-secret",
  "x-request-id": "upstream-secret",
};

const HEAD_FAULTS: Readonly<
  Record<
    string,
    readonly [fault: HeadFault, status: number, code: string | null]
  >
> = {
  s400: [{ type: "respond", status: 400 }, 400, null],
  s401: [{ type: "respond", status: 401 }, 502, "upstream_authentication"],
  s429: [
    {
      type: "respond",
      status: 429,
      headers: { "retry-after": "7" },
      body: "<html>secret</html>",
    },
    429,
    "rate_limit_exceeded",
  ],
  s503: [
    { type: "respond", status: 503, body: "secret: stack of the upstream" },
    502,
    "upstream_error",
  ],
  refused: [{ type: "refuse" }, 502, "network"],
  silence: [{ type: "silence" }, 504, "timeout"],
};

for (const [name, [fault, status, code]] of Object.entries(HEAD_FAULTS)) {
  for (const stream of [true, false]) {
    const form = stream ? "a stream" : "one piece";
    Deno.test(`an upstream that fails with ${name} before the first byte of ${form} has a status [W16] [W21]`, async () => {
      const clock = new FakeClock();
      const faults = fault.type === "respond"
        ? [{ ...fault, headers: { ...SECRETS, ...fault.headers } }]
        : [fault];
      const upstream = createFaultyUpstream(
        createAutonomousAiUpstream(),
        { faults },
        { clock },
      );
      const { fetch } = upstream;
      const provider = createAutonomousAi({ fetch, clock, maxRetries: 0 });
      const entries: LogEntry[] = [];
      const log = (entry: LogEntry) => entries.push(entry);
      const gateway = open({ providers: [provider], clock, log });
      const response = await clock.skipWaits(
        ask(gateway, { model: "llama", stream }),
      );
      assertEquals(response.status, status);
      const { headers } = response;
      assertEquals(headers.get("retry-after"), name === "s429" ? "7" : null);
      const error = await readError(response);
      assertEquals(error.code, code);
      assertEquals(entries.map(({ code }) => code), [code ?? error.type]);
      const told = JSON.stringify([...headers, error]);
      assert(!told.includes("secret"), told);
    });
  }
}

for (const stream of [true, false]) {
  Deno.test(`a handler that throws tells nothing, stream: ${stream} [W23]`, async () => {
    const gateway = open({
      providers: [{
        ...createAutonomousAi(),
        getModel() {
          throw new Error("secret-4711");
        },
      }],
    });
    const printed: unknown[] = [];
    const { error } = console;
    Object.assign(console, {
      error: (...values: unknown[]) => printed.push(values),
    });
    try {
      const response = await ask(gateway, { stream });
      assertEquals(response.status, 500);
      const text = await response.text();
      assertEquals(JSON.parse(text), {
        error: {
          message: "Internal error",
          type: "server_error",
          param: null,
          code: null,
        },
      });
    } finally {
      Object.assign(console, { error });
    }
    assertEquals(printed, []);
  });
}

Deno.test("an exhausted failover says not to ask again", async () => {
  const fetch = () => Promise.resolve(new Response("", { status: 503 }));
  const provider = createAutonomousAi({ fetch, maxRetries: 0 });
  const gateway = open({ routes: { best: [provider] } });
  const response = await ask(gateway, { model: "best" });
  assertEquals(response.status, 502);
  assertEquals(response.headers.get("x-should-retry"), "false");
});

Deno.test("toFailure() says what to do in place of the upstream's words", () => {
  const body = "maximum context length is 512 at secret.internal";
  const { error } = toFailure(
    new ProviderError(`Status is 400: ${body}`, {
      code: "context-length",
      status: 400,
      body,
    }),
  );
  assertEquals(
    error.message,
    "Status is 400: the messages are too long for the model",
  );
});
