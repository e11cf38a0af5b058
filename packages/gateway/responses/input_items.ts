/**
 * The input of a request for a response, as the messages of a chat.
 *
 * @module
 */

import { toPath } from "@parley/chat/provider";
import type * as z from "zod/mini";
import type { IgnoredFields } from "../chat/ignored_fields.ts";
import { Refusal } from "../http/failures.ts";
import { parseBody, refuseParameter } from "../http/request_fields.ts";
import { toArguments } from "./custom_tools.ts";
import type { Item } from "./item_memory.ts";
import {
  AdditionalTools,
  Call,
  CustomCall,
  Found,
  ItemType,
  Part,
  Reference,
  Result,
  Search,
  Summary,
} from "./item_schemas.ts";
import { SEARCH_NAME, toChatName, toChatNames } from "./response_tools.ts";

/** A message of a request for a chat completion. */
interface ChatMessage {
  readonly role: string;
  content?: unknown;
  tool_calls?: object[];
  reasoning_content?: string;
  readonly tool_call_id?: string;
}

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
      case "encrypted_content":
        // What an agent wrote to another: nobody but OpenAI encrypts it.
        return { type: "text", text: part.encrypted_content ?? "" };
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

  #call(
    { call_id: id, name, namespace }: Omit<z.infer<typeof Call>, "arguments">,
    input: string,
  ): void {
    const answer = this.#openAnswer();
    this.#takeReasoning(answer);
    (answer.tool_calls ??= []).push({
      id,
      type: "function",
      function: {
        name: toChatName({ name, namespace: namespace ?? undefined }),
        arguments: input,
      },
    });
  }

  add(item: unknown, at: Path): void {
    const { type, role, content } = parseBody(ItemType, item, at);
    switch (type ?? "message") {
      case "agent_message":
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
        const call = this.#read(Call, item, at);
        this.#call(call, call.arguments);
        break;
      }
      case "custom_tool_call": {
        const call = this.#read(CustomCall, item, at);
        this.#call(call, toArguments(call.input));
        break;
      }
      case "tool_search_call": {
        const { call_id, arguments: query } = this.#read(Search, item, at);
        this.#call({ call_id, name: SEARCH_NAME }, JSON.stringify(query));
        break;
      }
      case "tool_search_output": {
        const { call_id, tools } = this.#read(Found, item, at);
        const content = JSON.stringify(toChatNames(tools));
        this.messages.push({ role: "tool", tool_call_id: call_id, content });
        break;
      }
      case "additional_tools":
        this.#read(AdditionalTools, item, at);
        break;
      case "custom_tool_call_output":
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
