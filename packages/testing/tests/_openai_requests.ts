/** Where the server stands. */
export const SITE = "https://api.openai.com";
export const CHAT = "/v1/chat/completions";
export const IMAGES = "/v1/images/generations";
export const MODELS = "/v1/models";

/** Writes a request with a body. */
export function toInit(body: unknown): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** Writes a request for a chat completion. */
export function toChat(fields: Record<string, unknown> = {}): unknown {
  return {
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "Hello there" }],
    ...fields,
  };
}
