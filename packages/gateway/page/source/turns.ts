/** An answer that was given up for another one. */
export interface Restart {
  /** Why. */
  readonly reason: string;
  /** The model that answers now. */
  readonly model: string;
  /** What had been written. */
  readonly text: string;
}

/** A message of the person, or an answer. */
export interface Turn {
  /** Its id. */
  readonly id: string;
  /** Who wrote it. */
  readonly role: "user" | "assistant";
  /** When it was begun, in milliseconds; no two of a chat have the same. */
  readonly created: number;
  /** What became of it; what is refused is never sent again. */
  state: "whole" | "writing" | "stopped" | "failed" | "refused";
  /** The text. */
  text: string;
  /** What the model thought. */
  reasoning: string;
  /** The addresses of its pictures. */
  images: readonly string[];
  /** What it was before. */
  restarts: readonly Restart[];
  /** The model that was asked, then the one that answers. */
  model: string;
  /** What it took. */
  usage: string;
  /** What there is to say about it. */
  note: string;
}

/** A chat. */
export interface Chat {
  /** Its id. */
  readonly id: string;
  /** What it is called in the list. */
  title: string;
  /** When it was changed, in milliseconds. */
  updated: number;
  /** What the model is told before all else. */
  system: string;
  /** The messages. */
  turns: Turn[];
  /** The same as the gateway sealed it, and for which model. */
  conversation: { readonly model: string; readonly token: string } | null;
}

/** The most characters of a title. */
const MAX_TITLE = 60;

/**
 * Makes an id; `crypto.randomUUID()` is only there where a page came over TLS.
 *
 * @returns 32 hexadecimal digits.
 */
function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/**
 * Makes a chat with nothing in it.
 *
 * @returns The chat.
 */
export function createChat(): Chat {
  return {
    id: createId(),
    title: "",
    updated: Date.now(),
    system: "",
    turns: [],
    conversation: null,
  };
}

/**
 * Adds a message to a chat.
 *
 * @param chat The chat.
 * @param turn What is known of the message.
 * @returns The message.
 */
export function addTurn(
  chat: Chat,
  turn: Pick<Turn, "role"> & Partial<Turn>,
): Turn {
  const last = chat.turns.at(-1)?.created ?? 0;
  const added: Turn = {
    id: createId(),
    created: Math.max(Date.now(), last + 1),
    state: "whole",
    text: "",
    reasoning: "",
    images: [],
    restarts: [],
    model: "",
    usage: "",
    note: "",
    ...turn,
  };
  chat.turns.push(added);
  if (chat.title === "") chat.title = toTitle(added.text);
  return added;
}

/**
 * Makes a title of the first message.
 *
 * @param text The message.
 * @returns One line.
 */
export function toTitle(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  if (line.length <= MAX_TITLE) return line;
  const cut = line.slice(0, MAX_TITLE);
  // Not in the middle of a word, where that is not far.
  return `${cut.replace(/\s\S{0,20}$/, "")}…`.replace(/[\ud800-\udbff]…$/, "…");
}
