// Promise 11: what an upstream names is not fetched blindly.
import { assert, assertEquals } from "@std/assert";
import { toBytes } from "../_body.ts";
import { readVectors } from "../_vectors.ts";
import { ANSWERS, PROVIDERS } from "./_providers.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { type Respond, ScriptedFetch } from "./_scripted_fetch.ts";

const GIF = toBytes("GIF89a\x01\0\x01\0\0\0\0,");
const PUBLIC = "https://pictures.example/1.gif";

interface UrlVectors {
  readonly urls: readonly { readonly url: string; readonly allow: boolean }[];
}

const { urls } = await readVectors<UrlVectors>("urls");

function redirectTo(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}

for (const provider of ANSWERS) {
  const { model } = provider.options ?? {};
  if (model === undefined) continue;

  /** Asks for a picture that the upstream keeps somewhere, and loads it. */
  const load = (url: string, respond: Respond) => {
    const network = new ScriptedFetch((count, request) =>
      count === 1
        ? Response.json({ data: [{ url }] })
        : respond(count - 1, request)
    );
    const instance = provider.create({
      fetch: network.fetch,
      apiKey: "sk-planted",
      headers: { cookie: "a=planted", "x-planted": "1" },
    });
    const run = async () => {
      const options = { model, headers: { "x-session": "planted" } };
      const { images } = await instance.generate("A cat", options);
      const bytes = await images[0]?.bytes();
      return { bytes, mediaType: images[0]?.mediaType };
    };
    return { run, downloads: () => network.answers.slice(1) };
  };

  Deno.test(`${provider.name} downloads from public places only [P06] [P08]`, async () => {
    assert(urls.length > 20);
    for (const { url, allow } of urls) {
      const { run, downloads } = load(url, () => new Response(GIF));
      if (allow) {
        assertEquals((await run()).bytes, GIF, url);
        assertEquals(downloads().length, 1, url);
      } else {
        const { code } = await catchError(run());
        assertEquals([code, downloads()], ["unsafe-url", []], url);
      }
    }
  });

  Deno.test(`${provider.name} checks every hop before it asks [P05] [P06]`, async () => {
    for (const { url, allow } of urls) {
      if (!/^https:[\x20-\x7e]*$/.test(url) || !URL.canParse(url)) continue;
      const { run, downloads } = load(
        PUBLIC,
        (hop) => hop === 1 ? redirectTo(url) : new Response(GIF),
      );
      if (allow) assertEquals((await run()).bytes, GIF, url);
      else assertEquals((await catchError(run())).code, "unsafe-url", url);
      assertEquals(downloads().length, allow ? 2 : 1, url);
      assert(downloads().every(({ redirect }) => redirect === "manual"));
    }
  });

  Deno.test(`${provider.name} takes nothing of the caller's along [P16]`, async () => {
    const { run, downloads } = load(
      PUBLIC,
      (hop) => hop < 3 ? redirectTo(`/${hop}.gif`, 307) : new Response(GIF),
    );
    await run();
    assertEquals(downloads().map(({ url }) => new URL(url).pathname), [
      "/1.gif",
      "/1.gif",
      "/2.gif",
    ]);
    for (const { method, headers, body } of downloads()) {
      assertEquals([method, body], ["GET", ""]);
      const sent = JSON.stringify([...headers]);
      assert(!sent.includes("planted"), sent);
      for (const name of ["authorization", "cookie", "origin", "referer"]) {
        assertEquals(headers.has(name), false, name);
      }
    }
  });

  Deno.test(`${provider.name} does not follow redirects for ever`, async () => {
    const { run, downloads } = load(PUBLIC, () => redirectTo("/again"));
    assertEquals((await catchError(run())).code, "bad-image");
    assert(downloads().length <= 10);
  });

  Deno.test(`${provider.name} does not go from https to http`, async () => {
    const { run, downloads } = load(
      PUBLIC,
      () => redirectTo("http://pictures.example/1.gif"),
    );
    assertEquals((await catchError(run())).code, "unsafe-url");
    assertEquals(downloads().length, 1);
  });

  Deno.test(`${provider.name} tells a picture by its bytes [P01] [P10] [P11] [P12]`, async () => {
    const headers = { "content-type": "text/html" };
    const { run } = load(PUBLIC, () => new Response(GIF, { headers }));
    assertEquals(await run(), { bytes: GIF, mediaType: "image/gif" });
    for (
      const content of [
        "<!doctype html><p>gone",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<?xml version='1.0'?><svg/>",
        '{"error":"gone"}',
        "",
      ]
    ) {
      const headers = { "content-type": "image/png" };
      const other = load(
        PUBLIC,
        () => new Response(content, { headers }),
      );
      assertEquals((await catchError(other.run())).code, "bad-image", content);
    }
  });

  Deno.test(`${provider.name} refuses a picture that is not there [P17]`, async () => {
    for (const status of [204, 403, 404, 410, 500]) {
      const body = status === 204 ? null : GIF;
      const { run } = load(PUBLIC, () => new Response(body, { status }));
      assertEquals((await catchError(run())).code, "bad-image");
    }
  });
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} follows no redirect to another origin [S22]`, async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const network = new ScriptedFetch(() => new Response());
      network.first = () => redirectTo("https://other.example/", status);
      const instance = provider.create({
        fetch: network.fetch,
        apiKey: "sk-planted",
        maxRetries: 0,
      });
      const error = await catchError(instance.generate("Hello"));
      assertEquals(error.code, "bad-response", String(status));
      assertEquals(network.requests.length, 1);
      assertEquals(network.requests[0]?.redirect, "manual");
    }
  });
}
