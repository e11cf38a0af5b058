/**
 * A chat completion, whole or in chunks, as a response.
 *
 * @module
 */

import type { Warning } from "@parley/chat";
import type { Item } from "./item_memory.ts";
import {
  type CalledFunction,
  type ItemKind,
  type ResponseEvent,
  ResponseItem,
} from "./response_items.ts";
import {
  type ChatHead,
  type ChatUsage,
  isIncomplete,
  type ResponseFields,
  toEndedResponse,
  toResponse,
} from "./response_object.ts";
import {
  type Fields,
  renameFields,
  type ResponseRequest,
} from "./response_request.ts";
import type { ResponseTools } from "./response_tools.ts";

/** What a model says, in a chat completion or a chunk of one. */
interface ChatMessage {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly images?: readonly unknown[];
  readonly tool_calls?: readonly {
    readonly index?: number;
    readonly id?: string;
    readonly function?: { readonly name?: string; readonly arguments?: string };
  }[];
}

/** A chat completion, or a chunk of one. */
export interface ChatAnswer extends ChatHead {
  /** What the model says. */
  readonly choices: readonly {
    readonly message?: ChatMessage;
    readonly delta?: ChatMessage;
    readonly finish_reason?: string | null;
  }[];
  /** The tokens. */
  readonly usage?: ChatUsage | null;
  /** What the client should know. */
  readonly warnings?: readonly Warning[];
}

const PICTURES = {
  code: "ignored-part",
  message: "Pictures are left out: /v1/images/generations gives them",
};

/** Writes one answer; what it is in one piece is what its events add up to. */
export class ResponseWriter {
  readonly #asked: Fields;
  readonly #items: ResponseItem[] = [];
  readonly #calls = new Map<number, ResponseItem>();
  #open: ResponseItem | undefined;
  #head: ChatHead | undefined;
  #reason = "stop";
  #usage: ChatUsage | undefined;
  readonly #names: ResponseTools["names"];
  readonly #warnings: Warning[];

  /**
   * Makes a writer.
   *
   * @param asked The request.
   * @param request What was read of it.
   */
  constructor(
    asked: Fields,
    { tools, warnings }: Pick<ResponseRequest, "tools" | "warnings">,
  ) {
    this.#asked = asked;
    this.#names = tools.names;
    this.#warnings = [...warnings];
  }

  /** The items, once the answer has ended. */
  get output(): readonly Item[] {
    return this.#items.map((item) => item.toItem(this.#toStatus(item)));
  }

  /** A call of an answer that is not whole must not be run. */
  #toStatus(item: ResponseItem): "completed" | "incomplete" {
    const isCut = item.isCall
      ? isIncomplete(this.#reason)
      : this.#reason === "length" && item === this.#items.at(-1);
    return isCut ? "incomplete" : "completed";
  }

  /**
   * Adds a chat completion, or a chunk of one.
   *
   * @param answer The answer.
   */
  add(answer: ChatAnswer): ResponseEvent[] {
    const events = this.#head === undefined ? this.#begin(answer) : [];
    // Another may go on with it.
    this.#head = answer;
    const { choices: [choice] = [], usage, warnings = [] } = answer;
    this.#usage = usage ?? this.#usage;
    for (const { code, message } of warnings) {
      const own = message.replaceAll(/"[^"]+"/g, (name) => renameFields(name));
      this.#warnings.push({ code, message: own });
    }
    this.#reason = choice?.finish_reason ?? this.#reason;
    return [...events, ...this.#say(choice?.message ?? choice?.delta ?? {})];
  }

  #begin(head: ChatHead): ResponseEvent[] {
    this.#head = head;
    const response = toResponse(head, this.#asked);
    return [
      { type: "response.created", response },
      { type: "response.in_progress", response },
    ];
  }

  #say(message: ChatMessage): ResponseEvent[] {
    if (message.images?.length) this.#warnings.push(PICTURES);
    return [
      ...this.#append("reasoning", message.reasoning_content),
      ...this.#append("text", message.content),
      ...this.#append("refusal", message.refusal),
      ...(message.tool_calls ?? []).flatMap((call, position) => {
        const { id = "", function: called = {} } = call;
        const index = call.index ?? position;
        return [
          ...this.#calls.has(index)
            ? []
            : this.#beginCall(index, id, called.name),
          ...this.#calls.get(index)?.add(called.arguments ?? "") ?? [],
        ];
      }),
    ];
  }

  #append(kind: ItemKind, text: string | null = ""): ResponseEvent[] {
    if (text === null || text === "") return [];
    if (this.#open?.kind === kind) return this.#open.add(text);
    const closed = this.#close();
    const item = this.#addItem(kind);
    this.#open = item;
    return [...closed, ...item.begin(), ...item.add(text)];
  }

  /** Begins a call, and names what is called as the client does. */
  #beginCall(index: number, call_id: string, chatName = ""): ResponseEvent[] {
    const closed = this.#close();
    const { kind = "call", ...called } = this.#names.get(chatName) ??
      { name: chatName };
    const item = this.#addItem(kind, { call_id, ...called });
    this.#calls.set(index, item);
    return [...closed, ...item.begin()];
  }

  #addItem(
    kind: ItemKind,
    called?: CalledFunction,
  ): ResponseItem {
    const id = this.#head?.id ?? "";
    const item = new ResponseItem(kind, id, this.#items.length, called);
    this.#items.push(item);
    return item;
  }

  #close(): ResponseEvent[] {
    const item = this.#open;
    this.#open = undefined;
    return item?.end(this.#toStatus(item)) ?? [];
  }

  /** Gives the whole response. */
  toResponse(): ResponseFields {
    const { output } = this;
    const warnings = this.#warnings.length > 0 ? this.#warnings : undefined;
    return toEndedResponse(this.#toHead(), this.#asked, {
      output,
      reason: this.#reason,
      usage: this.#usage,
      warnings,
    });
  }

  #toHead(): ChatHead {
    return this.#head ?? { id: "", created: 0, model: "" };
  }

  /** Writes the end. */
  end(): ResponseEvent[] {
    const calls = [...this.#calls.values()].flatMap((item) =>
      item.end(this.#toStatus(item))
    );
    const closed = this.#close();
    const response = this.toResponse();
    return [
      ...closed,
      ...calls,
      { type: `response.${response.status}`, response },
    ];
  }

  /**
   * Writes that the answer breaks off.
   *
   * @param error What the client is told.
   */
  fail(
    { code, message }: {
      readonly code: string | null;
      readonly message: string;
    },
  ): ResponseEvent[] {
    const error = { code: code ?? "server_error", message };
    const response = toResponse(this.#toHead(), this.#asked);
    return [{
      type: "response.failed",
      response: { ...response, status: "failed", error },
    }];
  }
}
