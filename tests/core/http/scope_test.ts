import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { Transport } from "../../../core/http/transport.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { toClosed } from "../../../core/http/scope.ts";
import { createScope } from "../../_scope.ts";
import { cleanText } from "../../../core/http/redactor.ts";

const answer = () => new Response();

Deno.test("Scope ends with an error that names the clock that ran out", async () => {
  const { scope, clock } = createScope(answer, { timeouts: { total: 100 } });
  scope.start();
  await clock.advance(100);
  const { reason } = scope.signal;
  assert(reason instanceof ProviderError);
  assertEquals(reason.code, "timeout");
  assertEquals(reason.phase, "total");
  assertEquals(
    reason.message,
    'Timeout: total took more than 100 ms: "timeouts" are in milliseconds',
  );
  scope.close();
  assertEquals(clock.timers, 0);
});

Deno.test("Scope ends with the reason of the caller", () => {
  const controller = new AbortController();
  const { scope } = createScope(answer, {}, { signal: controller.signal });
  scope.start();
  const reason = new Error("mine");
  controller.abort(reason);
  assertStrictEquals(scope.signal.reason, reason);
  scope.close();
});

Deno.test("Scope does not start where the caller's signal is aborted", () => {
  const { scope, clock } = createScope(answer, {}, {
    signal: AbortSignal.abort(new RangeError("mine")),
  });
  assertThrows(() => scope.start(), RangeError, "mine");
  scope.close();
  assertEquals(clock.timers, 0);
});

Deno.test("Scope.close() leaves the caller's signal alone [A04]", () => {
  const controller = new AbortController();
  const { scope } = createScope(answer, {}, { signal: controller.signal });
  scope.start();
  scope.close();
  const { reason } = scope.signal;
  controller.abort("late");
  assertStrictEquals(scope.signal.reason, reason);
});

Deno.test("Scope.close() ends every request that is left [A16]", () => {
  const { scope } = createScope(answer);
  scope.start();
  scope.close();
  assertEquals(scope.signal.aborted, true);
});

Deno.test("Scope.close() does not close a transport that is another's", () => {
  let closes = 0;
  const transport: Transport = { send: fetch, close: () => void closes++ };
  const { scope } = createScope(answer, {}, { transport });
  assertStrictEquals(scope.transport, transport);
  scope.close();
  assertEquals(closes, 0);
});

Deno.test("Scope.close() keeps the transport open for what outlives it", async () => {
  const { scope } = createScope(answer);
  let closes = 0;
  scope.transport.close = () => void closes++;
  const { promise, reject } = Promise.withResolvers<void>();
  scope.outlive(promise);
  scope.close();
  await flush();
  assertEquals(closes, 0);
  reject(new Error("of no account"));
  await flush();
  assertEquals(closes, 1);
});

Deno.test("Scope.outlive() closes the transport also after the scope", async () => {
  const { scope } = createScope(answer);
  let closes = 0;
  scope.transport.close = () => closes++;
  scope.close();
  assertEquals(closes, 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  scope.outlive(promise);
  await flush();
  assertEquals(closes, 1);
  resolve();
  await flush();
  assertEquals(closes, 2);
});

Deno.test("Scope knows the secrets of its provider", () => {
  const { scope } = createScope(answer, {
    apiKey: "sk-secret",
    proxy: "http://somebody:hunter2@proxy.example",
  });
  assertEquals(
    cleanText(scope.redactor, "sk-secret, hunter2, somebody"),
    "[redacted], [redacted], [redacted]",
  );
});

Deno.test("toClosed() has no stack, which would keep a run for ever", () => {
  assertEquals(toClosed().stack, "AbortError: The stream was closed");
  assertStringIncludes(new Error("other").stack ?? "", "scope_test.ts");
});
