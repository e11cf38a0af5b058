import { assertEquals } from "@std/assert";
import {
  type ChatUiUpdate,
  type ChatUiUpstreamOptions,
  createChatUiUpstream,
  type Upstream,
} from "../mod.ts";
import {
  type Exchange,
  type FormField,
  toSession,
} from "./_chat_ui_exchanges.ts";

export const ORIGIN = "https://chat.example";

const UNKNOWN_ID = "0123456789abcdef01234567";

/** Sends recorded requests to an upstream, with its own ids and cookies in them. */
export class Replay {
  readonly #upstream: Upstream;
  /** Recorded conversation ids and sessions, each with the upstream's own. */
  readonly #known = new Map<string, string>();
  /** The cookie of each conversation of the upstream. */
  readonly #cookies = new Map<string, string>();
  readonly #title: string;
  readonly #model: string;
  #recorded = "";

  constructor(options: ChatUiUpstreamOptions) {
    this.#model = options.models?.[0] ?? "command-a-03-2025";
    this.#title = options.version === "2026-08"
      ? "Test Title"
      : "🔤 Test Title";
    this.#upstream = createChatUiUpstream({
      ...options,
      title: () => this.#title,
      answer: () => this.#answer(),
    });
  }

  async send({ request, response }: Exchange): Promise<Response> {
    this.#recorded = response.body;
    const { method, body, form } = request;
    await this.#prepare(request, response.body);
    const path = this.translate(request.path);
    const headers = Object.entries(request.headers)
      .map(([name, value]): [string, string] => [name, this.translate(value)]);
    const actual = await this.#upstream.fetch(`${ORIGIN}${path}`, {
      method,
      headers,
      body: form ? await this.#toForm(form, path) : body,
      redirect: "manual",
    });
    const session = toSession(actual.headers.get("set-cookie"));
    this.#known.set(toSession(response.headers["set-cookie"]), session);
    if (request.path === "/conversation" && actual.ok) {
      const { conversationId } = await actual.clone().json();
      this.#known.set(JSON.parse(response.body).conversationId, conversationId);
      this.#cookies.set(conversationId, `hf-chat=${session}`);
    }
    return actual;
  }

  /** Makes the conversations whose creation was not recorded. */
  async #prepare(
    { path, headers }: Exchange["request"],
    body: string,
  ): Promise<void> {
    const id = /[0-9a-f]{24}/.exec(path)?.[0];
    if (id === undefined || id === UNKNOWN_ID || this.#known.has(id)) return;
    const { cookie = "" } = headers;
    const response = await this.#upstream.fetch(`${ORIGIN}/conversation`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ model: this.#model, preprompt: "sys" }),
    });
    if (!response.ok) return;
    const { conversationId } = await response.json();
    this.#known.set(id, conversationId);
    this.#cookies.set(conversationId, cookie);
    // What was left before the log was asked for, or filled the conversation.
    const messages = Number(/more than (\d+) messages/.exec(body)?.[1] ?? 0);
    const turns = path.endsWith("/stream") ? 1 : messages / 2;
    for (let count = 0; count < turns; count++) {
      await this.#send(`/conversation/${conversationId}`, cookie);
    }
  }

  async #send(path: string, cookie: string): Promise<void> {
    const data = { name: "data", value: '{"inputs":"[long]","id":""}' };
    const response = await this.#upstream.fetch(`${ORIGIN}${path}`, {
      method: "POST",
      headers: { cookie, origin: ORIGIN },
      body: await this.#toForm([data], path),
    });
    await response.text();
  }

  /** Every recorded message follows the last one of its conversation. */
  async #toForm(
    recorded: NonNullable<Exchange["request"]["form"]>,
    path: string,
  ): Promise<FormData> {
    const lastId = await this.#findLastId(path);
    const fields: readonly FormField[] = Array.isArray(recorded)
      ? recorded
      : Object.entries(recorded).map(([name, value]) => ({ name, value }));
    const form = new FormData();
    for (const { name, value, filename, type = "" } of fields) {
      if (filename !== undefined) {
        form.append(name, new File([value], filename, { type }));
      } else {
        form.set(name, value.replace(/(?<="id":")[^"]*/, lastId));
      }
    }
    return form;
  }

  async #findLastId(path: string): Promise<string> {
    const cookie = this.#toCookie(path);
    const response = await this.#upstream.fetch(`${ORIGIN}/api${path}`, {
      headers: { cookie },
    });
    if (!response.ok) return crypto.randomUUID();
    const { messages } = await response.json();
    return messages.at(-1).id;
  }

  /** Says what the recorded model said, and ends as that did. */
  async *#answer(): AsyncGenerator<string | ChatUiUpdate> {
    const updates = this.#recorded.split("\n")
      .map((line) => line.replace(/^data: /, ""))
      .filter((line) => line.startsWith("{") && line.includes('"type"'))
      .map((line) => JSON.parse(line));
    for (const update of updates) {
      if (update.type === "stream") yield update.token.replaceAll("\0", "");
      if (update.type === "tool") yield update;
    }
    if (updates.length === 0) return yield "Good";
    const final = updates.find(({ type }) => type === "finalAnswer");
    const last = updates.at(-1);
    if (last.status === "error") {
      const { message, statusCode } = last;
      throw Object.assign(new Error(message), { statusCode });
    }
    if (last.type === "stream" || final?.interrupted) await this.#stop();
    else if (final === undefined) yield { type: "status", status: "finished" };
  }

  async #stop(): Promise<void> {
    const path = this.#upstream.requests.at(-1)?.path ?? "";
    const response = await this.#upstream.fetch(
      `${ORIGIN}${path}/stop-generating`,
      { method: "POST", headers: { cookie: this.#toCookie(path) } },
    );
    assertEquals(response.status, 200);
  }

  #toCookie(path: string): string {
    return this.#cookies.get(path.split("/").at(-1) ?? "") ?? "";
  }

  /** Puts the upstream's own origin, id or session into a recorded text. */
  translate(text: string): string {
    return text.replaceAll("{origin}", ORIGIN).replace(
      /[0-9a-f]{24}|(?<=hf-chat=).*/,
      (found) => this.#known.get(found) ?? found,
    );
  }
}
