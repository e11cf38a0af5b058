import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Hono } from "hono";
import { createGateway } from "../../mod.ts";
import { PAGE_FILES } from "../../page/_page_files.ts";
import { createPage } from "../../page/page.ts";
import { createAiChats } from "@parley/chat";
import { digestPage } from "../../../../scripts/_embed_page.ts";

const ORIGIN = "http://127.0.0.1";

async function get(path: string, headers: HeadersInit = {}): Promise<Response> {
  return await createPage({ imageBodyBytes: 7 }).request(`${ORIGIN}${path}`, {
    headers,
  });
}

Deno.test("createPage() serves the page, and every file that it names", async () => {
  const seen = new Set<string>();
  const waiting = ["/"];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const response = await get(path);
    assertEquals(response.status, 200, path);
    const text = await response.text();
    for (
      const [, name] of text.matchAll(/["'`](?:page|\.)\/([\w.-]+\.\w+)["'`]/g)
    ) {
      waiting.push(`/page/${name}`);
    }
  }
  assert(seen.has("/page/page.js") && seen.has("/page/theme.css"));
  // Colours are loaded when there is code.
  assert(Array.from(seen).some((path) => path.startsWith("/page/colors-")));
});

Deno.test("createPage() tells what each file is", async () => {
  for (
    const [path, type] of [
      ["/", "text/html; charset=utf-8"],
      ["/page/theme.css", "text/css; charset=utf-8"],
      ["/page/page.js", "text/javascript; charset=utf-8"],
      ["/page/icon.svg", "image/svg+xml"],
    ] as const
  ) {
    const { headers } = await get(path);
    assertEquals(headers.get("content-type"), type);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
  }
});

Deno.test("createPage() lets the page run and ask nothing but its own", async () => {
  const { headers } = await get("/");
  const policy = headers.get("content-security-policy")?.split("; ");
  assertEquals(policy, [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  assertEquals(headers.get("referrer-policy"), "no-referrer");
  assertEquals(headers.get("x-frame-options"), "DENY");
  assertEquals(headers.get("strict-transport-security"), null);
});

Deno.test("createPage() sends again only what is another one", async () => {
  const { headers } = await get("/page/page.js");
  assertEquals(headers.get("cache-control"), "no-cache");
  const tag = headers.get("etag") ?? "";
  const again = await get("/page/page.js", { "if-none-match": tag });
  assertEquals({ status: again.status, text: await again.text() }, {
    status: 304,
    text: "",
  });
  // A browser takes these for those of the file that it has.
  const name = "content-security-policy";
  assertEquals(again.headers.get(name), headers.get(name));
  assertEquals((await get("/", { "if-none-match": tag })).status, 200);
});

Deno.test("createPage() tells how large pictures may be", async () => {
  const response = await get("/page/limits.json");
  assertEquals(await response.json(), { imageBodyBytes: 7 });
});

Deno.test("createPage() has no other file", async () => {
  for (const name of ["other.js", "deno.json", "toString", "..%2Fmod.ts"]) {
    assertEquals((await get(`/page/${name}`)).status, 404, name);
  }
});

Deno.test("createGateway() sends the page to who has no key yet", async () => {
  const providers = [createAiChats()];
  for (const options of [{ apiKeys: ["ours"] }, {}]) {
    const gateway = createGateway({ providers, ...options });
    for (const path of ["/", "/page/page.js", "/page/theme.css"]) {
      const response = await gateway(new Request(`${ORIGIN}${path}`));
      const { status, headers } = response;
      await response.body?.cancel();
      assertEquals(status, 200, path);
      assertEquals(headers.get("cache-control"), "no-cache");
    }
    const models = await gateway(new Request(`${ORIGIN}/v1/models`));
    assert(models.status === 401 || models.status === 503);
  }
});

Deno.test("createGateway() has no page where it shall have none", async () => {
  const gateway = createGateway({
    providers: [createAiChats()],
    allowAnonymous: true,
    page: false,
  });
  for (const path of ["/", "/page/page.js"]) {
    const { status } = await gateway(new Request(`${ORIGIN}${path}`));
    assertEquals(status, 404, path);
  }
});

Deno.test("createGateway() has a page below a path, too", async () => {
  const gateway = createGateway({ providers: [createAiChats()] });
  const site = new Hono().mount("/below", gateway);
  const page = await (await site.request(`${ORIGIN}/below/`)).text();
  const names = Array.from(page.matchAll(/(?:href|src)="([^#"]+)"/g));
  assert(names.length > 3);
  for (const [, name = ""] of names) {
    const { pathname } = new URL(name, `${ORIGIN}/below/`);
    assertEquals((await site.request(pathname)).status, 200, pathname);
  }
});

Deno.test("createPage() answers only at its own paths", async () => {
  const page = createPage({ imageBodyBytes: 7 }).all(
    "/v1/models",
    () => new Response("models"),
  );
  const response = await page.request(`${ORIGIN}/v1/models`);
  assertEquals(response.headers.get("content-security-policy"), null);
  assertEquals(response.headers.get("etag"), null);
});

Deno.test("page/_page_files.ts is made of the files of page/source/", async () => {
  const module = new URL("../../page/_page_files.ts", import.meta.url);
  assertStringIncludes(
    await Deno.readTextFile(module),
    await digestPage(),
    'Run "deno task page:embed"',
  );
});

Deno.test("the files of the page are at most 200 kB, compressed", async () => {
  const sizes = await Promise.all(
    Object.values(PAGE_FILES).map(async (text) => {
      const body = new Blob([text]).stream()
        .pipeThrough(new CompressionStream("gzip"));
      return (await new Response(body).arrayBuffer()).byteLength;
    }),
  );
  const size = sizes.reduce((sum, size) => sum + size);
  assert(size < 200_000, `${size} bytes`);
});

Deno.test("the page never makes HTML of a text, nor styles of its own", async () => {
  const folder = new URL("../../page/source/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|[\s.]style[=.]/;
    assertEquals(forbidden.exec(text), null, name);
    const address = /https?:\/\/(?!www\.w3\.org\/2000\/svg)\w/;
    assertEquals(address.exec(text), null, name);
  }
});
