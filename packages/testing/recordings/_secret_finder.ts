import { encodeBase64 } from "@parley/chat";

/** What is shorter stands in many a text by chance. */
const MIN_LENGTH = 8;

/** What stands where a secret was. */
const REMOVED = "removed";

/** Headers of requests that say nothing of who asks. */
const PUBLIC_REQUEST =
  /^(?:accept(?:-.+)?|content-(?:length|type)|origin|referer|user-agent|sec-.+)$/;

/** Headers whose values are secret wherever they stand. */
const SECRET_REQUEST = /auth|cookie|key|secret|session|token/;

/** Headers of responses that a client reads; no other is kept. */
const PUBLIC_RESPONSE =
  /^(?:content-type|retry-after(?:-ms)?|x-should-retry|x-ratelimit-.+)$/;

/** Takes secrets out of what is recorded, and finds those that are left. */
export class SecretFinder {
  readonly #forms = new Set<string>();

  /**
   * Makes a finder.
   *
   * @param secrets What is secret, whoever sends it.
   */
  constructor(secrets: readonly string[]) {
    for (const secret of secrets) this.add(secret);
  }

  /**
   * Adds a secret.
   *
   * @param secret The secret.
   */
  add(secret: string): void {
    if (secret.length < MIN_LENGTH) return;
    const bytes = new TextEncoder().encode(secret);
    this.#forms.add(secret);
    this.#forms.add(JSON.stringify(secret).slice(1, -1));
    this.#forms.add(encodeURIComponent(secret));
    this.#forms.add(encodeBase64(bytes).replace(/=+$/, ""));
  }

  /**
   * Whether a text holds a secret.
   *
   * @param text The text.
   */
  isIn(text: string): boolean {
    return [...this.#forms].some((form) => text.includes(form));
  }

  /**
   * Writes a URL without what may be secret: names and passwords, and the values
   * of its query.
   *
   * @param url The URL.
   */
  toPublicUrl(url: string): string {
    const { href, username, password, searchParams } = new URL(url);
    const result = new URL(href);
    this.add(decodeURIComponent(username));
    this.add(decodeURIComponent(password));
    result.username = "";
    result.password = "";
    result.hash = "";
    for (const [name, value] of searchParams) {
      this.add(value);
      result.searchParams.set(name, REMOVED);
    }
    return result.href;
  }

  /**
   * Lists the headers of a request, those that may be secret without their
   * values.
   *
   * @param headers The headers.
   */
  toPublicRequest(headers: Headers): [string, string][] {
    return [...headers].map(([name, value]) => {
      if (PUBLIC_REQUEST.test(name)) return [name, value];
      if (!SECRET_REQUEST.test(name)) return [name, REMOVED];
      // A key without its scheme, and each cookie.
      for (const part of value.split(/[\s;,]+/)) {
        this.add(part);
        this.add(part.slice(part.indexOf("=") + 1));
      }
      return [name, REMOVED];
    });
  }

  /**
   * Lists the headers of a response that a client reads; cookies without their
   * values.
   *
   * @param headers The headers.
   * @param url Where it comes from.
   */
  toPublicResponse(headers: Headers, url: string): [string, string][] {
    const kept = [...headers].flatMap(([name, value]): [string, string][] => {
      if (PUBLIC_RESPONSE.test(name)) return [[name, value]];
      if (name === "location" && URL.canParse(value, url)) {
        return [[name, this.toPublicUrl(new URL(value, url).href)]];
      }
      return [];
    });
    const cookies = headers.getSetCookie().map((cookie): [string, string] => {
      const [, name = "", value = ""] = /^([^=;]*)=([^;]*)/.exec(cookie) ?? [];
      this.add(value);
      return ["set-cookie", `${name}=${REMOVED}; Path=/`];
    });
    return [...kept, ...cookies];
  }
}
