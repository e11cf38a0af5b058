import { unflatten } from "devalue";

/** A message of a conversation, as far as the tests look at it. */
export interface SeenMessage {
  readonly id: string;
  readonly from: string;
  readonly content: string;
  readonly children: readonly string[];
  readonly ancestors: readonly string[];
}

/** What a visitor sends to have an answer. */
export interface SentTurn {
  readonly inputs?: string;
  readonly id?: string;
  readonly is_retry?: boolean;
  readonly is_continue?: boolean;
}

/** Uses a chat-ui server as its own page does. */
export class Visitor {
  readonly #fetch: typeof fetch;
  readonly #base: string;
  #cookie = "";
  #id = "";

  constructor(fetcher: typeof fetch, base: string) {
    this.#fetch = fetcher;
    this.#base = base;
  }

  /** The path of the conversation below the base. */
  get path(): string {
    return `/conversation/${this.#id}`;
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", this.#cookie);
    headers.set("origin", new URL(this.#base).origin);
    // Called without `this`, which the global `fetch` insists on.
    const fetcher = this.#fetch;
    return await fetcher(this.#base + path, { ...init, headers });
  }

  async create(model = "command-a-03-2025", preprompt = ""): Promise<void> {
    const response = await this.request("/conversation", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, preprompt }),
    });
    this.#cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    this.#id = (await response.json()).conversationId;
  }

  async readMessages(): Promise<readonly SeenMessage[]> {
    const query = "x-sveltekit-invalidated=01";
    const response = await this.request(`${this.path}/__data.json?${query}`);
    const { nodes } = await response.json();
    return unflatten(nodes[1].data).messages;
  }

  /** Sends a turn, below the last message unless it says another one. */
  async send(turn: SentTurn, init: RequestInit = {}): Promise<Response> {
    const id = (await this.readMessages()).at(-1)?.id;
    const body = new FormData();
    body.set("data", JSON.stringify({ id, ...turn }));
    return await this.request(this.path, { ...init, method: "POST", body });
  }
}

/** The events of an answer. */
export async function readEvents(
  response: Response,
): Promise<readonly Record<string, unknown>[]> {
  const lines = (await response.text()).split("\n");
  return lines.filter((line) => line.trim()).map((line) => JSON.parse(line));
}
