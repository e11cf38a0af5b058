const TWO_WEEKS = 14 * 24 * 60 * 60 * 1000;
const HOUR = 60 * 60 * 1000;
const FORM_TYPES =
  /^(multipart\/form-data|application\/x-www-form-urlencoded|text\/plain)\s*(;|$)/i;

/** A refusal as SvelteKit writes it. */
export function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

/** An accident on the server, whose cause is in its log only. */
export function toInternalError(): Response {
  const body = { message: "An error occurred", errorId: crypto.randomUUID() };
  return Response.json(body, { status: 500 });
}

/** Sends a visitor to a login: elsewhere, or with words. */
export function toLogin(url: string, isRedirected: boolean): Response {
  if (!isRedirected) {
    const error = "You have to be logged in.";
    return Response.json({ error }, { status: 401 });
  }
  const location = new URL("/auth?client_id=abc", "https://id.example");
  location.searchParams.set(
    "redirect_uri",
    new URL("/login/callback", url).href,
  );
  const verifier = "hfChat-codeVerifier=code-verifier; Path=/; HttpOnly; " +
    `Expires=${new Date(Date.now() + HOUR).toUTCString()}; ` +
    "Secure; SameSite=None";
  return new Response(null, {
    status: 302,
    headers: { location: location.href, "set-cookie": verifier },
  });
}

/** Refuses a form that another site, or no site at all, sends. */
export function checkOrigin({ method, url, headers }: Request): void {
  if (
    method !== "POST" || !FORM_TYPES.test(headers.get("content-type") ?? "")
  ) return;
  const origin = headers.get("origin");
  if (origin === null) {
    throw toPlain(headers, "Non-JSON form requests need to have an origin");
  }
  if (!URL.canParse(origin) || new URL(origin).host !== new URL(url).host) {
    throw toPlain(headers, "Invalid referer for POST request");
  }
}

/** Whether the client would rather have a page than data. */
export function prefersHtml(headers: Headers): boolean {
  const qualities = new Map<string, number>();
  for (const range of (headers.get("accept") ?? "*/*").split(",")) {
    const [type = "", quality = "1"] = range.split(/;\s*q=/).map((part) =>
      part.trim()
    );
    qualities.set(type, Number(quality));
  }
  const html = qualities.get("text/html") ?? qualities.get("text/*");
  return html !== undefined && html >= (qualities.get("*/*") ?? 0);
}

/** The session of a visitor; one who comes without a cookie gets a new one. */
export function readSession(headers: Headers): string {
  const cookies = headers.get("cookie") ?? "";
  return /(?:^|;\s*)hf-chat=([^;]+)/.exec(cookies)?.[1] ?? crypto.randomUUID();
}

/** The cookie that keeps a session for two more weeks. */
export function toSetCookie(session: string, insecure: boolean): string {
  const expires = new Date(Date.now() + TWO_WEEKS).toUTCString();
  const policy = insecure ? "SameSite=Lax" : "Secure; SameSite=None";
  return `hf-chat=${session}; Path=/; Expires=${expires}; HttpOnly; ${policy}`;
}

function toPlain(headers: Headers, message: string): Response {
  const init = { status: 403, headers: { "content-type": "text/plain" } };
  return headers.get("accept")?.includes("application/json")
    ? Response.json({ error: message }, { status: 403 })
    : new Response(message, init);
}
