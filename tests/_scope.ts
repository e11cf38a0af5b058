import type { ProviderOptions } from "../core/chat/provider_options.ts";
import { OpenScope, type ScopeOptions } from "../core/http/scope.ts";
import { toProviderConfig } from "../core/http/provider_config.ts";
import { FakeClock } from "../packages/testing/fake_clock.ts";

/** What answers a request of a test. */
export type Answer = (
  request: Request,
) => Response | Promise<Response>;

/** Makes a `fetch` out of a function, and keeps what was asked. */
export function createFetch(answer: Answer): {
  readonly fetch: typeof fetch;
  readonly requests: Request[];
} {
  const requests: Request[] = [];
  return {
    requests,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      requests.push(request);
      return await answer(request);
    },
  };
}

/** Makes a scope without a network or time. */
export function createScope(
  answer: Answer,
  options: ProviderOptions = {},
  scopeOptions: ScopeOptions = {},
): {
  readonly scope: OpenScope;
  readonly clock: FakeClock;
  readonly requests: Request[];
} {
  const clock = new FakeClock();
  const { fetch, requests } = createFetch(answer);
  const config = toProviderConfig(
    { clock, fetch, ...options },
    "https://chat.example",
  );
  return { scope: new OpenScope(config, scopeOptions), clock, requests };
}

/** What a browser shows of a redirect that it does not follow. */
export function toHiddenRedirect(): Response {
  return Object.defineProperty(Response.error(), "type", {
    value: "opaqueredirect",
  });
}
