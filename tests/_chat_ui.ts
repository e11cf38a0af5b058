import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";
import { createCohereC4aiCommand } from "../providers/cohere_c4ai_command.ts";
import { FakeClock } from "../packages/testing/fake_clock.ts";

/** The id of the conversation that {@linkcode createScriptedChatUi} creates. */
export const CONVERSATION_ID = "65f0a1b2c3d4e5f601234567";

/** The id of the last message of {@linkcode toPageData}. */
const MESSAGE_ID = "2f1c6f0e-3c50-4d0b-9b3a-0c6f1f6f0a01";

/** Page data of a conversation. */
export function toPageData(): string {
  const data = [{ messages: 1 }, [2], { id: 3 }, MESSAGE_ID];
  return `${
    JSON.stringify({
      type: "data",
      nodes: [null, { type: "data", data }],
    })
  }\n`;
}

/** What {@linkcode createScriptedChatUi} answers; each has a default. */
export interface ChatUiScript {
  readonly pageData?: () => Response;
  readonly answer?: () => Response;
}

/** A request as it was sent. */
export interface SentRequest {
  readonly route: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A chat-ui server of three answers, without a network or time. */
export function createScriptedChatUi(
  script: ChatUiScript = {},
  options: ProviderOptions = {},
): { readonly provider: Provider; readonly requests: SentRequest[] } {
  const requests: SentRequest[] = [];
  function fetch(input: RequestInfo | URL, init: RequestInit = {}) {
    const { pathname } = new URL(String(input));
    const { body } = init;
    requests.push({
      route: `${init.method} ${pathname}`,
      headers: new Headers(init.headers),
      body: body instanceof FormData ? body.get("data") : body,
    });
    if (pathname.endsWith("/conversation")) {
      return Response.json({ conversationId: CONVERSATION_ID }, {
        headers: { "set-cookie": "hf-chat=3f0e; Path=/" },
      });
    }
    if (pathname.endsWith("__data.json")) {
      return script.pageData?.() ?? new Response(toPageData());
    }
    if (pathname.endsWith("/stop-generating")) return new Response();
    // A server of before June 2025, whose pages alone give its messages.
    if (/^\/api\/|\/stream$/.test(pathname)) {
      return Response.json({ message: "Not Found" }, { status: 404 });
    }
    return script.answer?.() ??
      new Response('{"type":"finalAnswer","text":"Hello"}\n');
  }
  const provider = createCohereC4aiCommand({
    baseUrl: "https://chat.example",
    clock: new FakeClock(),
    ...options,
    fetch: (...request) => Promise.resolve(fetch(...request)),
  });
  return { provider, requests };
}
