import { assert, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import {
  cancelBody,
  fetchOnce,
  isRedirect,
} from "../../../core/http/fetch_once.ts";
import { TestBody } from "../../_body.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { createScope } from "../../_scope.ts";

const ADDRESS = new URL("https://chat.example/a?key=secret");

Deno.test("fetchOnce() sends one request and gives its response", async () => {
  const { scope, requests } = createScope(() =>
    new Response(null, { status: 302, headers: { location: "/b" } })
  );
  const response = await fetchOnce(ADDRESS, { method: "POST" }, true, scope);
  assertEquals(response.status, 302);
  assertEquals(requests.map(({ method }) => method), ["POST"]);
});

Deno.test("fetchOnce() names the request that failed, without its query [K06]", async () => {
  const { scope } = createScope(() => {
    throw new TypeError("no route to https://chat.example/a?key=secret");
  });
  for (const retryable of [true, false]) {
    const error = await assertRejects(
      () => fetchOnce(ADDRESS, {}, retryable, scope),
      ProviderError,
    );
    assertEquals(error.message, "Request failed: GET https://chat.example/a");
    assertEquals(error.code, "network");
    assertEquals(error.retryable, retryable);
    assert(error.cause instanceof Error);
    assert(!Deno.inspect(error).includes("secret"));
  }
});

Deno.test("fetchOnce() keeps a prompt in the path to itself", async () => {
  const { scope } = createScope(() => {
    throw new TypeError("no route");
  });
  scope.redactor.prompts.push("a very secret prompt");
  const url = new URL("https://chat.example/ask/a%20very%20secret%20prompt");
  const error = await assertRejects(
    () => fetchOnce(url, {}, false, scope),
    ProviderError,
    "GET https://chat.example/ask/",
  );
  assert(!Deno.inspect(error).includes("secret"));
});

Deno.test("fetchOnce() rejects with the reason of its scope at once", async () => {
  const { scope } = createScope(() => new Promise(() => {}));
  const waiting = fetchOnce(ADDRESS, {}, true, scope);
  scope.abort("stop");
  assertEquals(await waiting.catch((error) => error), "stop");
});

Deno.test("fetchOnce() lets go of a response that comes too late", async () => {
  const body = new TestBody([], "hang");
  const { promise, resolve } = Promise.withResolvers<Response>();
  const { scope } = createScope(() => promise);
  const waiting = fetchOnce(ADDRESS, {}, true, scope);
  scope.abort("stop");
  assertEquals(await waiting.catch((error) => error), "stop");
  resolve(new Response(body.stream));
  await flush();
  assert(body.isCancelled);
});

Deno.test("cancelBody() takes a response without a body", async () => {
  const body = new TestBody([], "hang");
  cancelBody(new Response(body.stream));
  cancelBody(new Response(null));
  await flush();
  assert(body.isCancelled);
});

Deno.test("isRedirect() wants the status and a place", () => {
  const check = (status: number, location?: string) =>
    isRedirect(
      new Response(null, { status, headers: location ? { location } : {} }),
    );
  const followed = [301, 302, 303, 307, 308];
  for (const status of [200, 300, 304, 305, 306, ...followed, 400]) {
    assertEquals(check(status, "/b"), followed.includes(status), `${status}`);
    assertEquals(check(status), false);
  }
});
