import type { ChatOptions, ProviderOptions } from "@parley/chat";
import type { Fault } from "../faults/fault.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { readAll } from "./ending.ts";
import { createFaultyUpstream } from "../faults/faulty_upstream.ts";
import type { ConformanceTarget } from "./target.ts";

/** A key, long enough to be repeated in part. */
export const KEY = "sk-7Qx2mVt9.Lr4Kw8ZpBn3c";
// No two of them have a part in common: one would hide the other.
const HEADER = "hd-5f81c2d9";
const COOKIE = "ck-b40e77a6";
const PASSWORD = "pw-93d6f1e2";
const DEVICE = "00000000-28a7-4d53-9e3a-f07b51c8a2d6";
const RUN_HEADER = "rn-e8a25b13";

/** Some of it has another form in JSON, and in a URL. */
export const SECRET_PROMPT =
  'My private prompt — of which "nobody" must hear — is\nnumber 4717';

/** What an upstream sends that is no word for people. */
export const PAYLOAD = "payload-zyxwv-4718";

/** Options of a provider that hold secrets. */
export const SECRET_OPTIONS: ProviderOptions = {
  apiKey: KEY,
  headers: { "x-secret": HEADER },
  randomUuid: () => DEVICE,
  maxRetries: 0,
  // Other runtimes have no proxies.
  ...("Deno" in globalThis && { proxy: `http://user:${PASSWORD}@127.0.0.1:9` }),
};

/** Options of a run that hold secrets. */
export const SECRET_RUN_OPTIONS: ChatOptions = {
  headers: {
    "x-secret-session": RUN_HEADER,
    "cookie": `a=1; session=${COOKIE}`,
  },
};

/** What only the upstream knows, such as the signature of a URL. */
const TOKEN = "tk-1d9e4a70";

/** What must be in no log. */
export const SECRETS: readonly string[] = [
  KEY,
  HEADER,
  COOKIE,
  PASSWORD,
  DEVICE,
  RUN_HEADER,
  TOKEN,
  SECRET_PROMPT,
  JSON.stringify(SECRET_PROMPT).slice(1, -1),
  "My private prompt",
  "must hear",
  "number 4717",
];

/** What a server repeats that was asked by a provider with secrets. */
export async function toEcho(target: ConformanceTarget): Promise<string> {
  const server = createFaultyUpstream(target.upstream({}), {});
  const provider = target.create({ ...SECRET_OPTIONS, fetch: server.fetch });
  const options = { ...target.options, ...SECRET_RUN_OPTIONS };
  await readAll(provider.stream(SECRET_PROMPT, options));
  const sent = server.requests.map(({ headers, body }) =>
    JSON.stringify([...headers]) + body
  ).join();
  // A server cannot repeat what it was not sent.
  const received = [
    `Bearer ${KEY}`,
    `session=${COOKIE}`,
    HEADER,
    RUN_HEADER,
    DEVICE,
  ].filter((secret) => sent.includes(secret));
  return [
    ...received,
    `https://files.example/1.txt?signature=${TOKEN}`,
    SECRET_PROMPT,
  ].join(" ");
}

/** An upstream that fails in a way that a provider has to hide. */
export interface LeakyFailure {
  /** What befalls the request. */
  readonly faults?: readonly Fault[];
  /** Answers it. */
  readonly fetch?: () => Promise<Response>;
}

function toPage(text: string): string {
  return `<!doctype html><p>${text} ${PAYLOAD}</p>`;
}

/** Ways to say no, by their names. */
function toRefusals(
  status: number,
  echo: string,
): Readonly<Record<string, Fault>> {
  const respond = (body: string, type: string): Fault => ({
    type: "respond",
    status,
    headers: { "content-type": type },
    body,
  });
  const json = "application/json";
  return {
    [`a ${status} that repeats all`]: respond(
      JSON.stringify({ error: { message: echo } }),
      json,
    ),
    [`a ${status} as text`]: respond(echo, "text/plain"),
    [`a ${status} as a page`]: respond(toPage(echo), "text/html"),
    [`a ${status} of broken JSON`]: respond(
      `{"a":"${echo} ${PAYLOAD}`,
      json,
    ),
    [`a ${status} of other JSON`]: respond(
      JSON.stringify({ request: { echo, PAYLOAD } }),
      json,
    ),
  };
}

/** A network whose error tells everything, in every place. */
function toLeakyError(echo: string): Error {
  const error = new TypeError(`No route, ${echo}`, {
    cause: new Error(echo, { cause: new Error(echo) }),
  });
  error.name = "TypeError";
  return Object.assign(error, { request: { headers: echo }, echo });
}

/**
 * Ways to fail, by their names: every status with a body of every form, or each
 * status and each form once or twice.
 */
export function toFailures(
  { opening, failure }: ConformanceTarget,
  echo: string,
  isThorough: boolean,
): Readonly<Record<string, LeakyFailure>> {
  const escaped = JSON.stringify(echo).slice(1, -1);
  const first = { bytes: 0 };
  const refusals = [400, 401, 403, 404, 429, 500, 503]
    .flatMap((status, index) => {
      const all = Object.entries(toRefusals(status, echo));
      const start = index % all.length;
      return isThorough ? all : all.slice(start, start + 1);
    });
  return {
    ...Object.fromEntries(
      refusals.map(([name, fault]) => [name, { faults: [fault] }]),
    ),
    "a page where an answer should be": {
      faults: [{
        type: "respond",
        status: 200,
        headers: { "content-type": "text/html" },
        body: toPage(echo),
      }],
    },
    "an answer of other JSON": {
      faults: [{
        type: "respond",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ choices: PAYLOAD, data: echo }),
      }],
    },
    "a redirect to another origin": {
      faults: [{
        type: "respond",
        status: 307,
        headers: { location: `https://${PAYLOAD}.example/${KEY}?key=${KEY}` },
      }],
    },
    "a network that tells all": {
      fetch: () => Promise.reject(toLeakyError(echo)),
    },
    "a fetch that throws a string": { fetch: () => Promise.reject(echo) },
    "a fetch that throws an object": { fetch: () => Promise.reject({ echo }) },
    "a body that breaks": {
      fetch: () =>
        Promise.resolve(
          new Response(
            new ReadableStream({
              pull: (controller) => controller.error(toLeakyError(echo)),
            }),
          ),
        ),
    },
    ...(opening !== undefined && {
      "a cut answer": {
        faults: [
          { type: "insert", after: first, text: `${opening}${PAYLOAD} ` },
          { type: "reset", after: { bytes: opening.length + 20 } },
        ],
      },
      "an event that is none": {
        faults: [{
          type: "insert",
          after: first,
          text: `${opening}${PAYLOAD} ${escaped}\n\n`,
        }],
      },
    }),
    ...(failure !== undefined && {
      "an error in the answer": {
        faults: [{
          type: "insert",
          after: first,
          text: failure.replace("overload", () => escaped),
        }],
      },
    }),
  };
}

/** A server with such a failure at one of its paths. */
export function injectFailure(
  upstream: Pick<Upstream, "fetch">,
  path: string,
  { faults = [], fetch }: LeakyFailure,
): Pick<Upstream, "fetch"> {
  const pattern = new RegExp(path);
  return createFaultyUpstream({
    async fetch(input, init) {
      const request = new Request(input, init);
      const isHit = pattern.test(new URL(request.url).pathname);
      return isHit && fetch !== undefined
        ? await fetch()
        : await upstream.fetch(request);
    },
  }, { path, faults });
}
