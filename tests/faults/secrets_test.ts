// What must not be told, and what a server's words must not do.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ProviderError } from "../../mod.ts";
import { ROOT } from "./_fault_tests.ts";
import { IMPATIENT } from "../providers/_requests.ts";
import { ANSWERS, PROVIDERS } from "../contract/_providers.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  type Respond,
  ScriptedFetch,
  toResponse,
} from "../contract/_scripted_fetch.ts";

/** Words that would clear a terminal, run in a page, or split a log. */
const WORDS = `\u001b[2J<script>alert(1)</script>\r\nx: y\u0000\u009b31m${
  "é".repeat(5_000)
}`;

function checkWords({ message, body }: ProviderError): void {
  assert(body !== undefined && body.length <= 200);
  for (const text of [message, body]) {
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u001f\u007f-\u009f]/.test(text), JSON.stringify(text));
    assertMatch(text, /alert/);
    assert(text.length < 400);
  }
}

for (const provider of PROVIDERS) {
  Deno.test(`${provider.name} tells a server's words in one short line [K10] [K05]`, async () => {
    const answers: readonly Respond[] = [
      () => Response.json({ error: { message: WORDS } }, { status: 400 }),
      () => Response.json({ message: WORDS }, { status: 500 }),
      () => new Response(`No: ${WORDS}`, { status: 422 }),
      () => {
        const words = JSON.stringify(WORDS).slice(1, -1);
        return toResponse(
          provider,
          provider.failure.replace("overload", words),
        );
      },
    ];
    for (const respond of answers) {
      const network = new ScriptedFetch(respond);
      const instance = provider.create({ ...IMPATIENT, fetch: network.fetch });
      checkWords(await catchError(instance.generate("Hello")));
    }
  });
}

for (const provider of ANSWERS) {
  const { model } = provider.options ?? {};
  if (model === undefined) continue;

  Deno.test(`${provider.name} does not tell the signature of a link [K06]`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    // Nobody listens there any more.
    listener.close();
    const url = `http://127.0.0.1:${port}/1.png?signature=planted-4711`;
    const answer = answerWith(provider, JSON.stringify({ data: [{ url }] }));
    const instance = provider.create({
      allowPrivateUrls: true,
      fetch: (url, init) =>
        init?.method === "POST" ? answer.fetch(url, init) : fetch(url, init),
    });
    const load = async () => {
      const { images } = await instance.generate("A cat", { model });
      await images[0]?.bytes();
    };
    const error = await catchError(load());
    assertEquals(error.code, "network");
    const shown = Deno.inspect(error, { depth: 10 }) + error.stack +
      JSON.stringify(error);
    assert(shown.includes("/1.png") && !shown.includes("planted"), shown);
  });
}

/** Values as sessions have them: ids that are not made of zeros, tokens, keys. */
const SESSION_VALUES: readonly RegExp[] = [
  /\b(?!0{8})[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i,
  /\b[0-9a-f]{32,}\b/i,
  /\beyJ[\w-]{10,}\.[\w-]+/,
  /\b(?:sk|pk|hf|key)[-_][A-Za-z0-9]{16,}/,
  /\bBearer [\w.-]{8,}/,
  /\b(?:session|token|cf_clearance|_ga|csrf)\w*=[\w.-]{12,}/i,
];

Deno.test("the package holds no value of a session [K09]", async () => {
  let files = 0;
  for (
    const folder of [
      "core/chat",
      "core/http",
      "core/run",
      "core/streams",
      "providers",
      "packages/testing/upstreams",
      "packages/testing/conformance",
    ]
  ) {
    const url = new URL(`${folder}/`, ROOT);
    for await (const { name, isFile } of Deno.readDir(url)) {
      if (!isFile) continue;
      files++;
      const text = await Deno.readTextFile(new URL(name, url));
      for (const value of SESSION_VALUES) {
        const [found] = value.exec(text) ?? [];
        assertEquals(found, undefined, `${folder}/${name}`);
      }
    }
  }
  assert(files > 50);
});
