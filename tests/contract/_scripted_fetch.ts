import { CONVERSATION_ID, toPageData } from "../_chat_ui.ts";
import { type TestBody, toBytes } from "../_body.ts";
import type { ProviderCase } from "./_providers.ts";

/** A request that a provider made. */
export interface ScriptedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly redirect: RequestRedirect | undefined;
  readonly signal: AbortSignal | null | undefined;
}

/** Answers the n-th request for an answer, from 1. */
export type Respond = (
  count: number,
  request: ScriptedRequest,
) => Response | Promise<Response>;

/** The network of a test: answers as a script says, and counts. */
export class ScriptedFetch {
  /** Every request but those that nobody waits for. */
  readonly requests: ScriptedRequest[] = [];
  /** The requests for an answer, without those that lead to it. */
  readonly answers: ScriptedRequest[] = [];
  /** What the first request of all gets, where it is not the usual. */
  first: Respond | undefined;
  readonly #respond: Respond;

  constructor(respond: Respond) {
    this.#respond = respond;
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const request: ScriptedRequest = {
      method: init.method ?? "GET",
      url: String(input),
      headers: new Headers(init.headers),
      body: init.body instanceof FormData
        ? String(init.body.get("data"))
        : String(init.body ?? ""),
      redirect: init.redirect,
      signal: init.signal,
    };
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/stop-generating")) return new Response();
    this.requests.push(request);
    if (this.first !== undefined) {
      return await this.first(this.requests.length, request);
    }
    if (pathname.endsWith("/conversation")) return createConversation();
    if (pathname.endsWith("/__data.json")) return new Response(toPageData());
    this.answers.push(request);
    return await this.#respond(this.answers.length, request);
  };
}

function createConversation(): Response {
  const headers = { "set-cookie": "hf-chat=3f0e5c7a; Path=/; HttpOnly" };
  return Response.json({ conversationId: CONVERSATION_ID }, { headers });
}

/** A response of a provider's server. */
export function toResponse(
  { mediaType }: ProviderCase,
  body: BodyInit,
): Response {
  return new Response(body, { headers: { "content-type": mediaType } });
}

/** A network on which every answer is the same text. */
export function answerWith(
  provider: ProviderCase,
  text: string,
): ScriptedFetch {
  return new ScriptedFetch(() => toResponse(provider, toBytes(text)));
}

/** A network on which every answer is the same body, which is read once. */
export function answerWithBody(
  provider: ProviderCase,
  body: TestBody,
): ScriptedFetch {
  return new ScriptedFetch(() => toResponse(provider, body.stream));
}
