import { assertEquals } from "@std/assert";
import { unflatten } from "devalue";
import {
  type ChatUiUpstreamOptions,
  createChatUiUpstream,
  type Upstream,
} from "../mod.ts";
import { type Exchange, toSession } from "./_chat_ui_exchanges.ts";

export const ORIGIN = "https://chat.example";

const UNKNOWN_ID = "0123456789abcdef01234567";

/** Sends recorded requests to an upstream, with its own ids and cookies in them. */
export class Replay {
  readonly #upstream: Upstream;
  /** Recorded conversation ids and sessions, each with the upstream's own. */
  readonly #known = new Map<string, string>();
  /** The cookie of each conversation of the upstream. */
  readonly #cookies = new Map<string, string>();
  #recorded = "";

  constructor(options: ChatUiUpstreamOptions) {
    this.#upstream = createChatUiUpstream({
      ...options,
      title: () => "🔤 Test Title",
      answer: () => this.#answer(),
    });
  }

  async send({ request, response }: Exchange): Promise<Response> {
    this.#recorded = response.body;
    const { method, body, form } = request;
    await this.#prepare(request);
    const path = this.translate(request.path);
    const headers = Object.entries(request.headers)
      .map(([name, value]): [string, string] => [name, this.translate(value)]);
    const actual = await this.#upstream.fetch(`${ORIGIN}${path}`, {
      method,
      headers,
      body: form ? await this.#toForm(form, path) : body,
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
  async #prepare({ path, headers }: Exchange["request"]): Promise<void> {
    const id = /[0-9a-f]{24}/.exec(path)?.[0];
    if (id === undefined || id === UNKNOWN_ID || this.#known.has(id)) return;
    const { cookie = "" } = headers;
    const response = await this.#upstream.fetch(`${ORIGIN}/conversation`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ model: "command-a-03-2025", preprompt: "sys" }),
    });
    const { conversationId } = await response.json();
    this.#known.set(id, conversationId);
    this.#cookies.set(conversationId, cookie);
  }

  /** Every recorded message follows the last one of its conversation. */
  async #toForm(
    recorded: Readonly<Record<string, string>>,
    path: string,
  ): Promise<FormData> {
    const lastId = await this.#findLastId(path);
    const form = new FormData();
    for (const [name, value] of Object.entries(recorded)) {
      form.set(name, value.replace(/(?<="id":")[^"]+/, lastId));
    }
    return form;
  }

  async #findLastId(path: string): Promise<string> {
    const cookie = this.#toCookie(path);
    if (cookie === "") return crypto.randomUUID();
    const response = await this.#upstream.fetch(
      `${ORIGIN}${path}/__data.json?x-sveltekit-invalidated=01`,
      { headers: { cookie } },
    );
    const { nodes } = await response.json();
    return unflatten(nodes[1].data).messages.at(-1).id;
  }

  /** Says what the recorded model said, and ends as that did. */
  async *#answer(): AsyncGenerator<string> {
    const events = this.#recorded.split("\n").filter((line) => line.trim())
      .map((line) => JSON.parse(line));
    for (const { type, token } of events) {
      if (type === "stream") yield token.replaceAll("\0", "");
    }
    const last = events.at(-1);
    if (last.status === "error") throw new Error(last.message);
    if (last.type === "stream") await this.#stop();
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
    return text.replace("{origin}", ORIGIN).replace(
      /[0-9a-f]{24}|(?<=hf-chat=).*/,
      (found) => this.#known.get(found) ?? found,
    );
  }
}
