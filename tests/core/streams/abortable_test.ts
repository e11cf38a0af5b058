import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { abortable } from "../../../core/streams/abortable.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";

Deno.test("abortable() settles with the promise", async () => {
  const { signal } = new AbortController();
  assertEquals(await abortable(Promise.resolve(1), signal), 1);
  const failure = Promise.reject(new RangeError("no"));
  await assertRejects(() => abortable(failure, signal), RangeError, "no");
});

Deno.test("abortable() rejects with the reason that comes first", async () => {
  const controller = new AbortController();
  const waiting = abortable(new Promise(() => {}), controller.signal);
  const reason = { stop: true };
  controller.abort(reason);
  assertStrictEquals(await waiting.catch((error) => error), reason);
});

Deno.test("abortable() of an aborted signal rejects, whatever the promise is", async () => {
  const signal = AbortSignal.abort("stop");
  const waiting = abortable(Promise.resolve(1), signal);
  assertEquals(await waiting.catch((error) => error), "stop");
});

Deno.test("abortable() hands on a value that came too late", async () => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const late: string[] = [];
  const waiting = abortable(promise, controller.signal, (value) => {
    late.push(value);
  });
  controller.abort("stop");
  assertEquals(await waiting.catch((error) => error), "stop");
  resolve("value");
  await flush();
  assertEquals(late, ["value"]);
});

Deno.test("abortable() swallows a failure that came too late", async () => {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<string>();
  const waiting = abortable(promise, controller.signal);
  controller.abort("stop");
  assertEquals(await waiting.catch((error) => error), "stop");
  // Deno fails a test that leaves a rejection unhandled.
  reject(new Error("late"));
  await flush();
});

Deno.test("abortable() leaves no listener behind", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...values: Parameters<typeof add>) => {
    listeners++;
    add(...values);
  };
  signal.removeEventListener = (...values: Parameters<typeof remove>) => {
    listeners--;
    remove(...values);
  };
  const waiting = abortable(Promise.resolve(1), signal);
  assertEquals(listeners, 1);
  await waiting;
  await flush();
  assertEquals(listeners, 0);
});
