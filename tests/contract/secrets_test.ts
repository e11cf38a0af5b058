// Promise 10: no secret is in anything that gets logged.
import { assert, assertEquals } from "@std/assert";
import {
  type ChatOptions,
  ProviderError,
  type ProviderOptions,
} from "../../mod.ts";
import { TestBody } from "../_body.ts";
import {
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
  toAnswer,
  toConversation,
} from "./_providers.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  type Respond,
  ScriptedFetch,
  toResponse,
} from "./_scripted_fetch.ts";

const KEY = "sk-planted-key-4711";
const HEADER = "planted-header-4712";
const COOKIE = "planted-cookie-4713";
const PASSWORD = "planted-password-4714";
const PROMPT = "My planted prompt, of which nobody must hear, is number 4715";
const PAYLOAD = "planted-payload-4716";
const DEVICE = "4717c0de-0000-4000-8000-planteddev01";
const RUN_HEADER = "planted-session-4718";
const SECRETS = [KEY, HEADER, COOKIE, PASSWORD, PROMPT, DEVICE, RUN_HEADER];

const PLANTED: ProviderOptions = {
  apiKey: KEY,
  // Where a runtime has no proxies nothing would be sent.
  ...("createHttpClient" in Deno && {
    proxy: `http://user:${PASSWORD}@127.0.0.1:9`,
  }),
  headers: { "x-planted": HEADER },
  randomUuid: () => DEVICE,
  maxRetries: 0,
};

function toRunOptions(provider: ProviderCase): ChatOptions {
  const conversation = toConversation(provider, { "hf-chat": COOKIE });
  return provider === CHAT_UI
    ? { headers: { "x-session": RUN_HEADER }, conversation }
    : { headers: { "x-session": RUN_HEADER, cookie: `a=1; b=${COOKIE}` } };
}

/** Everything that a logger may make of a value. */
function toLogs(value: unknown): string {
  const logs = [
    String(value),
    Deno.inspect(value, { depth: 10, iterableLimit: 1_000 }),
    JSON.stringify(value) ?? "",
  ];
  for (let error = value; error instanceof Error; error = error.cause) {
    logs.push(error.message, error.stack ?? "", Deno.inspect(error));
  }
  return logs.join("\n");
}

function checkClean(value: unknown, secrets: readonly string[], what: string) {
  const logs = toLogs(value);
  for (const secret of secrets) {
    assert(!logs.includes(secret), `"${secret}" is in ${what}:\n${logs}`);
  }
}

/** A server that repeats what it was sent; only one of them gets a device. */
function toEcho({ name }: ProviderCase): string {
  return [...SECRETS, `Bearer ${KEY}`]
    .filter((secret) => secret !== DEVICE || name === "AmigoChat").join(" ");
}

/** Ways to fail, by what the upstream does. */
const FAILURES: Readonly<
  Record<string, (provider: ProviderCase) => Respond>
> = {
  "a refusal that repeats all": (provider) => () =>
    Response.json({ error: { message: toEcho(provider) } }, { status: 401 }),
  "a refusal as text": (provider) => () =>
    new Response(toEcho(provider), { status: 400 }),
  "a refusal as a page": (provider) => () =>
    new Response(`<p>${toEcho(provider)} ${PAYLOAD}</p>`, {
      status: 403,
      headers: { "content-type": "text/html" },
    }),
  "broken JSON": (provider) => () =>
    new Response(`{"a":"${toEcho(provider)} ${PAYLOAD}`, { status: 500 }),
  "a page where an answer should be": (provider) => () =>
    new Response(`<p>${toEcho(provider)} ${PAYLOAD}</p>`, {
      headers: { "content-type": "text/html" },
    }),
  "a network that tells all": (provider) => () => {
    const cause = new Error(`${toEcho(provider)}`);
    return Promise.reject(
      new TypeError(`No route, ${toEcho(provider)}`, { cause }),
    );
  },
  "a fetch that throws a string": (provider) => () =>
    Promise.reject(toEcho(provider)),
  "a body that breaks": (provider) => () =>
    toResponse(
      provider,
      new TestBody([], new TypeError(toEcho(provider))).stream,
    ),
  "a cut answer": (provider) => () =>
    toResponse(provider, `${provider.opening}${PAYLOAD} ${toEcho(provider)}`),
  "an answer in another form": (provider) => () =>
    toResponse(
      { ...provider, mediaType: "application/json" },
      JSON.stringify({ choices: PAYLOAD, data: toEcho(provider) }),
    ),
  "an answer that is no event": (provider) => () =>
    toResponse(provider, `["${PAYLOAD}","${toEcho(provider)}"]\n`),
  "an error in the answer": (provider) => () =>
    toResponse(
      provider,
      provider.failure.replace("overload", toEcho(provider)),
    ),
  "a redirect to another origin": () => () =>
    new Response(null, {
      status: 307,
      headers: { location: `https://${PAYLOAD}.example/?key=${KEY}` },
    }),
};

for (const provider of PROVIDERS) {
  for (const [name, toRespond] of Object.entries(FAILURES)) {
    Deno.test(`${provider.name} keeps its secrets after ${name} [K02] [K03] [K04] [K05]`, async () => {
      const network = new ScriptedFetch(toRespond(provider));
      const instance = provider.create({ ...PLANTED, fetch: network.fetch });
      const stream = instance.stream(PROMPT, toRunOptions(provider));
      const { error } = await readAll(stream);
      // What has no end marker takes any text for an answer.
      if (error === undefined) assertEquals(provider.endMarker, undefined);
      else checkClean(error, [...SECRETS, PAYLOAD], "the error");
      checkClean(stream, [...SECRETS, PAYLOAD], "the stream");
      checkClean(instance, SECRETS, "the provider");
      checkClean(error?.attempts, SECRETS, "the attempts");
      assertEquals(network.answers[0]?.headers.get("x-planted"), HEADER);
    });

    Deno.test(`${provider.name} keeps its secrets where the first request meets ${name}`, async () => {
      const network = new ScriptedFetch(() => new Response());
      network.first = toRespond(provider);
      const instance = provider.create({ ...PLANTED, fetch: network.fetch });
      const options = provider === CHAT_UI
        ? { headers: { "x-session": RUN_HEADER, cookie: `b=${COOKIE}` } }
        : toRunOptions(provider);
      const { error } = await readAll(instance.stream(PROMPT, options));
      if (error === undefined) assertEquals(provider.endMarker, undefined);
      else checkClean(error, [...SECRETS, PAYLOAD], "the error");
    });
  }

  Deno.test(`${provider.name} keeps its proxy's password [K08]`, () => {
    const proxy = `http://user:${PASSWORD}@proxy.example:8080`;
    checkClean(provider.create({ proxy }), [PASSWORD], "the provider");
    try {
      provider.create({ proxy: `ftp://user:${PASSWORD}@proxy.example` });
    } catch (error) {
      assert(error instanceof ProviderError);
      return checkClean(error, [PASSWORD], "the error");
    }
    throw new Error("A wrong proxy was taken");
  });

  Deno.test(`${provider.name} does not print what it refuses [K01] [V08]`, async () => {
    const wrong: readonly ProviderOptions[] = [
      { apiKey: `${KEY}\n` },
      { headers: { "x-planted": `${HEADER}\u0000` } },
      { headers: { [`${HEADER} x`]: "1" } },
      { baseUrl: `https://user:${PASSWORD}@a.example/?key=${KEY}` },
      { baseUrl: KEY },
    ];
    for (const options of wrong) {
      try {
        provider.create(options);
      } catch (error) {
        checkClean(error, SECRETS, "the error");
        continue;
      }
      throw new Error("A wrong option was taken");
    }
    const { error } = await readAll(
      provider.create().stream(PROMPT, {
        model: KEY,
        headers: { cookie: COOKIE },
      }),
    );
    checkClean(error, SECRETS, "the error");
  });

  Deno.test(`${provider.name} keeps an authorization of any scheme [K03]`, async () => {
    for (const scheme of ["Basic", "Token", "Bearer"]) {
      const network = new ScriptedFetch(() => new Response());
      network.first = () => new Response(`No ${COOKIE}=`, { status: 401 });
      const instance = provider.create({ fetch: network.fetch });
      const headers = { authorization: `${scheme} ${COOKIE}=` };
      const { error } = await readAll(instance.stream("Hello", { headers }));
      assertEquals(error?.code, "authentication");
      checkClean(error, [COOKIE], "the error");
    }
  });

  Deno.test(`${provider.name} shows no cookie in what it prints [C14] [K03]`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const instance = provider.create({ ...PLANTED, fetch });
    const result = await instance.generate(PROMPT, toRunOptions(provider));
    const shown = Deno.inspect(result, { depth: 10 });
    for (const secret of [...SECRETS, "3f0e5c7a"]) {
      assert(!shown.includes(secret), shown);
    }
    // It has to be stored, though.
    assertEquals(
      JSON.stringify(result).includes(COOKIE),
      provider === CHAT_UI,
    );
  });
}
