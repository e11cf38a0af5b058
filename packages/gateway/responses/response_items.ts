/**
 * The items of a response: what a model thinks, says and calls.
 *
 * @module
 */

import { toInput, toQuery } from "./custom_tools.ts";
import type { Item } from "./item_memory.ts";
import { toId } from "./response_object.ts";
import type { CallKind, FunctionName } from "./response_tools.ts";

/** What an item holds. */
export type ItemKind = "reasoning" | "text" | "refusal" | CallKind;

/** How the events and parts of what an item holds are called. */
const NAMES = {
  reasoning: {
    prefix: "rs",
    event: "reasoning_summary_text",
    part: "reasoning_summary_part",
    index: "summary_index",
    field: "text",
  },
  text: {
    prefix: "msg",
    event: "output_text",
    part: "content_part",
    index: "content_index",
    field: "text",
  },
  refusal: {
    prefix: "msg",
    event: "refusal",
    part: "content_part",
    index: "content_index",
    field: "refusal",
  },
  call: {
    type: "function_call",
    prefix: "fc",
    event: "function_call_arguments",
    part: undefined,
    index: undefined,
    field: "arguments",
  },
  custom: {
    type: "custom_tool_call",
    prefix: "ctc",
    event: "custom_tool_call_input",
    part: undefined,
    index: undefined,
    field: "input",
  },
  search: {
    prefix: "tsc",
    event: undefined,
    part: undefined,
    index: undefined,
    field: "arguments",
  },
} as const;

/** An event of a stream, without its number. */
export type ResponseEvent = { readonly type: string } & Item;

/** A call of a tool, but for what it is called with. */
export interface CalledFunction extends FunctionName {
  readonly call_id: string;
}

/** One item that is being written. */
export class ResponseItem {
  readonly kind: ItemKind;
  readonly #index: number;
  readonly #id: string;
  readonly #called: CalledFunction;
  #text = "";

  constructor(
    kind: ItemKind,
    id: string,
    index: number,
    called: CalledFunction = { call_id: "", name: "" },
  ) {
    this.kind = kind;
    this.#index = index;
    this.#id = toId(NAMES[kind].prefix, id, index);
    this.#called = called;
  }

  /** Whether it is a call. */
  get isCall(): boolean {
    return ["call", "custom", "search"].includes(this.kind);
  }

  #toPart(): Item {
    const text = this.#text;
    switch (this.kind) {
      case "reasoning":
        return { type: "summary_text", text };
      case "refusal":
        return { type: "refusal", refusal: text };
      default:
        return { type: "output_text", text, annotations: [], logprobs: [] };
    }
  }

  /** Writes the item; one that has just begun has no parts. */
  toItem(status: "in_progress" | "completed" | "incomplete"): Item {
    const id = this.#id;
    const parts = status === "in_progress" ? [] : [this.#toPart()];
    switch (this.kind) {
      case "reasoning":
        return { id, type: "reasoning", summary: parts };
      case "call":
      case "custom": {
        const { type, field } = NAMES[this.kind];
        return { id, type, status, [field]: this.#toValue(), ...this.#called };
      }
      case "search":
        return {
          id,
          type: "tool_search_call",
          status,
          execution: "client",
          call_id: this.#called.call_id,
          arguments: status === "in_progress" ? {} : toQuery(this.#text),
        };
      default:
        return {
          id,
          type: "message",
          status,
          role: "assistant",
          content: parts,
        };
    }
  }

  /** Where an event belongs. */
  #toPlace(): Item {
    const { index } = NAMES[this.kind];
    return {
      item_id: this.#id,
      output_index: this.#index,
      ...(index && { [index]: 0 }),
    };
  }

  /** Begins the item. */
  begin(): ResponseEvent[] {
    const { part } = NAMES[this.kind];
    return [
      {
        type: "response.output_item.added",
        output_index: this.#index,
        item: this.toItem("in_progress"),
      },
      ...part
        ? [{
          type: `response.${part}.added`,
          ...this.#toPlace(),
          part: this.#toPart(),
        }]
        : [],
    ];
  }

  /** What is written; the text for a tool is known at the end only. */
  #toValue(): string {
    return this.kind === "custom" ? toInput(this.#text) : this.#text;
  }

  /** Adds to the item. */
  add(delta: string): ResponseEvent[] {
    this.#text += delta;
    const isLate = this.kind === "custom" || this.kind === "search";
    return isLate ? [] : this.#toDelta(delta);
  }

  #toDelta(delta: string): ResponseEvent[] {
    return delta === "" ? [] : [{
      type: `response.${NAMES[this.kind].event}.delta`,
      ...this.#toPlace(),
      delta,
      ...(this.kind === "text" && { logprobs: [] }),
    }];
  }

  /** Ends the item. */
  end(status: "completed" | "incomplete"): ResponseEvent[] {
    const { event, field, part } = NAMES[this.kind];
    const value = this.#toValue();
    return [
      ...this.kind === "custom" ? this.#toDelta(value) : [],
      ...event
        ? [{
          type: `response.${event}.done`,
          ...this.#toPlace(),
          [field]: value,
          ...(this.kind === "text" && { logprobs: [] }),
          ...(this.kind === "call" && { name: this.#called.name }),
        }]
        : [],
      ...part
        ? [{
          type: `response.${part}.done`,
          ...this.#toPlace(),
          part: this.#toPart(),
        }]
        : [],
      {
        type: "response.output_item.done",
        output_index: this.#index,
        item: this.toItem(status),
      },
    ];
  }
}
