import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { download } from "../../../core/http/download.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import { TestBody } from "../../_body.ts";
import { type Answer, createScope, toHiddenRedirect } from "../../_scope.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly urls: readonly { readonly url: string; readonly allow: boolean }[];
  readonly redirects: readonly {
    readonly name: string;
    readonly status: number;
    readonly chain: readonly string[];
    readonly asked: number;
    readonly code?: string;
  }[];
}

const { urls, redirects } = await readVectors<Vectors>("urls");
const PICTURE = "https://cdn.example.com/a.png";
const LIMITS = { limits: { imageBytes: 1000 } };

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "302-to-loopback": " [P05]",
  "302-to-metadata": " [P06]",
  "protocol-relative-to-private": " [P05]",
};

/** Downloads and lets go of the scope. */
async function run(
  answer: Answer,
  url: string = PICTURE,
  options: ProviderOptions = {},
) {
  const { scope, clock, requests } = createScope(answer, options);
  try {
    scope.start();
    return { bytes: await download(url, scope), code: undefined, requests };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { bytes: undefined, code: error.code, requests, error };
  } finally {
    scope.close();
    assertEquals(clock.timers, 0);
  }
}

for (const { url, allow } of urls) {
  if (allow) continue;
  Deno.test(`download() sends nothing to ${url} [P06] [P08]`, async () => {
    const { code, requests } = await run(() => new Response("x"), url);
    assertEquals(code, "unsafe-url");
    assertEquals(requests.length, 0);
  });
}

for (const { name, status, chain, asked, code } of redirects) {
  Deno.test(`download() checks each redirect before it is asked: ${name}${FAULTS[name] ?? ""}`, async () => {
    let hop = 0;
    const actual = await run(() => {
      const location = chain[++hop];
      return location === undefined && code === undefined
        ? new Response("picture")
        : new Response("moved", {
          status,
          headers: location === undefined ? {} : { location },
        });
    }, chain[0]);
    assertEquals(actual.requests.length, asked);
    assertEquals(actual.code, code);
  });
}

Deno.test("download() sends nothing of the caller's along [P16]", async () => {
  const { requests } = await run(
    ({ url }) =>
      url === PICTURE
        ? Response.redirect("https://cdn.example.net/b.png")
        : new Response("picture"),
    PICTURE,
    { apiKey: "sk-secret", headers: { "x-own": "1", "cookie": "a=1" } },
  );
  assertEquals(requests.map(({ url }) => url), [
    PICTURE,
    "https://cdn.example.net/b.png",
  ]);
  for (const { headers, method, redirect, credentials } of requests) {
    assertEquals(credentials, "omit");
    assertEquals([...headers.keys()], ["accept", "user-agent"]);
    assertEquals({ method, redirect }, { method: "GET", redirect: "manual" });
  }
});

Deno.test("download() says so where a browser hides a redirect", async () => {
  const { code, error, requests } = await run(toHiddenRedirect);
  assertEquals([code, requests.length], ["bad-response", 1]);
  assertStringIncludes(error?.message ?? "", "followed in a browser");
});

Deno.test("download() gives all bytes", async () => {
  const body = new TestBody(["one ", "two"]);
  const { bytes } = await run(() => new Response(body.stream));
  assertEquals(new TextDecoder().decode(bytes), "one two");
});

Deno.test("download() gives no bytes of an empty body", async () => {
  const { bytes } = await run(() => new Response(null));
  assertEquals(bytes?.length, 0);
});

Deno.test("download() refuses a length over the limit before it reads [P02]", async () => {
  const body = new TestBody(["x".repeat(1001)]);
  const { code } = await run(
    () => new Response(body.stream, { headers: { "content-length": "1001" } }),
    PICTURE,
    LIMITS,
  );
  assertEquals(code, "too-large");
  assertEquals(body.pulls, 0);
  assert(body.isCancelled);
});

Deno.test("download() does not believe a length under the limit [P03]", async () => {
  const body = new TestBody(Array(64).fill("x".repeat(600)));
  const { code } = await run(
    () => new Response(body.stream, { headers: { "content-length": "10" } }),
    PICTURE,
    LIMITS,
  );
  assertEquals(code, "too-large");
  assertEquals(body.pulls, 2);
  assert(body.isCancelled);
});

Deno.test("download() takes as many bytes as the limit, and not one more [P03]", async () => {
  const get = (size: number) =>
    run(
      () => new Response(new TestBody(["x".repeat(size)]).stream),
      PICTURE,
      LIMITS,
    );
  assertEquals((await get(1000)).bytes?.length, 1000);
  assertEquals((await get(1001)).code, "too-large");
});

Deno.test("download() tells by the status why there is no picture [P17]", async () => {
  for (const [status, words] of [[403, "expired"], [500, "status is 500"]]) {
    const body = new TestBody(["secret"], "hang");
    const { error } = await run(() =>
      new Response(body.stream, { status: Number(status) })
    );
    assertEquals(error?.code, "bad-image");
    assertEquals(error?.status, status);
    assert(error?.message.includes(String(words)));
    assert(!Deno.inspect(error).includes("secret"));
    assert(body.isCancelled);
  }
});

Deno.test("download() tells that a picture cannot be fetched or breaks off", async () => {
  const { code, error } = await run(() => {
    throw new TypeError("no route to https://cdn.example.com/a.png?sig=secret");
  });
  assertEquals(code, "network");
  assertEquals(error?.retryable, false);
  assert(!Deno.inspect(error).includes("secret"));
  const body = new TestBody(["x"], new TypeError("reset"));
  const broken = await run(() => new Response(body.stream));
  assertEquals(broken.code, "bad-image");
});

Deno.test("download() of a body without end is ended by the clock total [M11]", async () => {
  const body = new TestBody([], "hang");
  const { scope, clock } = createScope(() => new Response(body.stream), {
    timeouts: { total: 5000, idle: 1000 },
  });
  scope.start();
  const rejected = assertRejects(() => download(PICTURE, scope), ProviderError);
  for (let time = 0; time < 5000; time += 500) {
    await clock.advance(500);
    if (!body.isCancelled) body.send("x");
  }
  const { code, phase } = await rejected;
  assertEquals({ code, phase }, { code: "timeout", phase: "total" });
  assert(body.isCancelled);
  scope.close();
});

Deno.test("download() counts the bytes of a packed picture unpacked [P04]", async () => {
  const size = 50_000_000;
  const packed = await new Response(
    new Blob([new Uint8Array(size)]).stream()
      .pipeThrough(new CompressionStream("gzip")),
  ).bytes();
  assert(packed.length < 100_000);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response(packed, {
        headers: { "content-encoding": "gzip", "content-type": "image/png" },
      }),
  );
  const { code } = await run(
    fetch,
    `http://127.0.0.1:${server.addr.port}/`,
    { allowPrivateUrls: true, limits: { imageBytes: 1_000_000 } },
  );
  assertEquals(code, "too-large");
});
