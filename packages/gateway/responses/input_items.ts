/**
 * The input of a request for a response, as the messages of a chat.
 *
 * @module
 */

import { toPath } from "@parley/chat/provider";
import * as z from "zod/mini";
import type { IgnoredFields } from "../chat/ignored_fields.ts";
import { Refusal } from "../http/failures.ts";
import { parseBody, refuseParameter } from "../http/request_fields.ts";
import type { Item } from "./item_memory.ts";
import { toChatName } from "./response_tools.ts";

/** A message of a request for a chat completion. */
interface ChatMessage {
  readonly role: string;
  content?: unknown;
  tool_calls?: object[];
  reasoning_content?: string;
  readonly tool_call_id?: string;
}

const text = z.string("a string");
const ItemType = z.object({
  type: z.nullish(text),
  role: z.nullish(text),
  content: z.nullish(
    z.union([text, z.array(z.unknown())], "a string or a list of parts"),
  ),
}, "an object");
const Call = z.object({
  call_id: text,
  name: text,
  namespace: z.nullish(text),
  arguments: text,
});
const Result = z.object({
  call_id: text,
  output: z.union([text, z.array(z.unknown())], "a string or a list of parts"),
});
const Reference = z.object({ id: text });
const Part = z.object({
  type: text,
  text: z.nullish(text),
  refusal: z.nullish(text),
  image_url: z.nullish(text),
}, "an object");
const Summary = z.object({
  summary: z.nullish(z.array(z.object({ text: z.nullish(text) }))),
  content: z.nullish(z.array(z.object({ text: z.nullish(text) }))),
});

type Path = readonly PropertyKey[];

/** What an item of an answer has, too, which comes back with it. */
const ECHOED = ["id", "status", "type", "annotations", "logprobs"];

function joinContents(...contents: readonly unknown[]): unknown {
  const [said, ...more] = contents.filter((content) => content !== undefined);
  if (more.length === 0) return said;
  return [said, ...more].flatMap((content) =>
    typeof content === "string" ? { type: "text", text: content } : content
  );
}

/** Writes items one after another; calls belong to the message before them. */
class MessageWriter {
  readonly messages: ChatMessage[] = [];
  readonly #ignored: IgnoredFields;
  #reasoning = "";

  constructor(ignored: IgnoredFields) {
    this.#ignored = ignored;
  }

  /** Reads an item, and notes what of it nobody reads. */
  #read<T extends z.core.$ZodShape>(
    schema: z.ZodMiniObject<T>,
    item: unknown,
    at: Path,
  ) {
    const fields = parseBody(schema, item, at);
    const known = [...Object.keys(schema.shape), ...ECHOED];
    this.#ignored.note(Object(item), known, "input[].");
    return fields;
  }

  #toPart(value: unknown, at: Path): object {
    const part = parseBody(Part, value, at);
    const { detail } = Object(value);
    const known = [...Object.keys(Part.shape), ...ECHOED];
    if (detail === "auto") known.push("detail");
    this.#ignored.note(Object(value), known, "input[].content[].");
    switch (part.type) {
      case "input_text":
      case "output_text":
      case "text":
        return { type: "text", text: part.text ?? "" };
      case "refusal":
        return { type: "refusal", refusal: part.refusal ?? "" };
      case "input_image":
        if (part.image_url) {
          return { type: "image_url", image_url: { url: part.image_url } };
        }
    }
    throw refuseParameter(
      toPath(at),
      "Only text, and pictures by image_url, are supported",
    );
  }

  #toContent(content: unknown, at: Path): unknown {
    return Array.isArray(content)
      ? content.map((part, index) => this.#toPart(part, [...at, index]))
      : content;
  }

  /** The message of the model that is being written. */
  #openAnswer(): ChatMessage {
    const last = this.messages.at(-1);
    if (last?.role === "assistant") return last;
    const answer: ChatMessage = { role: "assistant" };
    this.messages.push(answer);
    return answer;
  }

  /** Adds what the model says, which may come after the calls of one answer. */
  #answer(content: unknown): void {
    const last = this.messages.at(-1);
    if (last?.tool_calls) {
      last.content = joinContents(last.content, content);
    } else {
      const answer: ChatMessage = { role: "assistant", content };
      this.#takeReasoning(answer);
      this.messages.push(answer);
    }
  }

  #takeReasoning(answer: ChatMessage): void {
    if (this.#reasoning !== "") answer.reasoning_content = this.#reasoning;
    this.#reasoning = "";
  }

  add(item: unknown, at: Path): void {
    const { type, role, content } = parseBody(ItemType, item, at);
    switch (type ?? "message") {
      case "message": {
        this.#read(ItemType, item, at);
        const said = this.#toContent(content, [...at, "content"]);
        if (role === "assistant") this.#answer(said);
        else {
          // What was thought before it led to no answer.
          this.#reasoning = "";
          this.messages.push({ role: role ?? "user", content: said });
        }
        break;
      }
      case "function_call": {
        const { call_id: id, arguments: input, ...called } = this.#read(
          Call,
          item,
          at,
        );
        const namespace = called.namespace ?? undefined;
        const name = toChatName({ name: called.name, namespace });
        const answer = this.#openAnswer();
        this.#takeReasoning(answer);
        (answer.tool_calls ??= []).push({
          id,
          type: "function",
          function: { name, arguments: input },
        });
        break;
      }
      case "function_call_output": {
        const { call_id, output } = this.#read(Result, item, at);
        this.messages.push({
          role: "tool",
          tool_call_id: call_id,
          content: this.#toContent(output, [...at, "output"]),
        });
        break;
      }
      case "reasoning": {
        const { summary, content } = this.#read(Summary, item, at);
        const parts = content?.length ? content : summary ?? [];
        this.#reasoning += parts.map(({ text }) => text ?? "").join("\n");
        break;
      }
      default:
        throw refuseParameter(
          toPath([...at, "type"]),
          "Only messages, functions and their results are supported",
        );
    }
  }
}

/**
 * Reads the input.
 *
 * @param input Text, or a list of items.
 * @param find Finds an item that is referred to.
 * @param ignored Gets the fields that have no effect.
 * @returns The messages of a chat.
 * @throws {Refusal} If an item is wrong or unknown, with status 400.
 */
export function readItems(
  input: string | readonly unknown[],
  find: (id: string) => Item | undefined,
  ignored: IgnoredFields,
): readonly object[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const writer = new MessageWriter(ignored);
  for (const [index, item] of input.entries()) {
    const at = ["input", index];
    if (Object(item).type !== "item_reference") {
      writer.add(item, at);
      continue;
    }
    const found = find(parseBody(Reference, item, at).id);
    if (found === undefined) {
      throw new Refusal(400, {
        message: `${toPath(at)} refers to an item that is not kept here: ` +
          'send the item itself, as clients do with "store": false',
        param: toPath(at),
        code: "unsupported_value",
      });
    }
    writer.add(found, at);
  }
  return writer.messages;
}
