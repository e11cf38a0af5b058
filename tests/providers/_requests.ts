import { assertMatch } from "@std/assert";
import type { ProviderOptions } from "../../core/chat/provider_options.ts";
import type { Provider } from "../../core/chat/provider.ts";
import { NO_TIMEOUTS } from "../../packages/testing/conformance/waiting.ts";
import type { RecordedRequest, Upstream } from "@parley/testing";

/** The methods and paths of all requests so far. */
export function toRoutes({ requests }: Upstream): string[] {
  return requests.map(({ method, path }) => `${method} ${path}`);
}

/** The headers of a request, of which the browser's name is checked here. */
export function readHeaders(
  request: RecordedRequest | undefined,
): Record<string, string> {
  const { "user-agent": browser = "", ...headers } = Object.fromEntries(
    request?.headers ?? [],
  );
  assertMatch(browser, /^Mozilla\/5\.0 \(/);
  return headers;
}

/** The JSON of a body. */
export function readJson(
  request: RecordedRequest | undefined,
): Record<string, unknown> {
  return JSON.parse(request?.body ?? "{}");
}

/** The fields of a form. */
export async function readForm(
  request: RecordedRequest | undefined,
): Promise<Record<string, unknown>> {
  const { body, headers = new Headers() } = request ?? {};
  const type = headers.get("content-type") ?? "";
  const response = new Response(body, { headers: { "content-type": type } });
  return Object.fromEntries(await response.formData());
}

/** What a provider says of itself. */
export function toAttributes(provider: Provider): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(provider).filter(([, value]) => typeof value !== "function"),
  );
}

/** Answers in place of an upstream, or leaves a request to it. */
export type Answer = (
  request: Request,
) => Response | undefined | Promise<Response | undefined>;

/** Makes a `fetch` that asks an upstream only where nothing else answers. */
export function interpose({ fetch }: Upstream, answer: Answer): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    return await answer(request) ?? await fetch(request);
  };
}

/** Makes a `fetch` that always gives the same body. */
export function always(
  body: BodyInit,
  init: ResponseInit = {},
): typeof fetch {
  return () => Promise.resolve(new Response(body, init));
}

/** Waits are over at once, and silence is allowed. */
export const IMPATIENT: ProviderOptions = {
  clock: {
    now: () => 0,
    setTimeout: (callback) => setTimeout(callback),
    clearTimeout: (timer) => clearTimeout(timer as number),
  },
  timeouts: NO_TIMEOUTS,
};
