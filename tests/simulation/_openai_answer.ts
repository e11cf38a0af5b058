import type { SoundResponse } from "../../packages/testing/faults/_faulty_response.ts";
import { THOUGHT, toPicture } from "./_answers.ts";
import type { Tokens } from "./_outcome.ts";
import type { ServerPlan } from "./_world.ts";

/** What a server calls its model. */
export function toServedModel(model: string): string {
  return `${model}-2024-07-18`;
}

/** Where pictures are found, by what they are. */
export const PICTURES = "https://pictures.example.com/";

/** What is asked of a server like OpenAI's. */
export interface CompletionBody {
  readonly model: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string | null;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly { readonly id: string }[];
  }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly temperature?: number;
  readonly top_p?: number;
}

/** All that is said in a chat. */
export function toPrompt(
  { messages }: Pick<CompletionBody, "messages">,
): string {
  return messages.map(({ role, content }) => `${role}: ${content ?? ""}`)
    .join("\n");
}

/** What is asked of one that draws. */
export interface PictureBody {
  readonly model: string;
  readonly prompt: string;
  readonly n?: number;
}

/** What it answers. */
export interface CompletionAnswer {
  readonly speak: () => AsyncIterable<string>;
  /** With what tools are called. */
  readonly inputs: readonly object[];
  /** Why it ends. */
  readonly reason: "stop" | "length" | "tool_calls";
  /** How its bytes come. */
  readonly plan: Pick<ServerPlan, "piece" | "lines">;
  /** Whether it says what it costs: never, at its end, or with each chunk. */
  readonly count: "never" | "once" | "always";
  /** Is waited for before it says so at its end. */
  readonly pause: () => Promise<void>;
  /** Is told what it says that it costs. */
  readonly onCount: (tokens: Tokens) => void;
}

/** A piece of an answer. */
interface Delta {
  readonly role?: string;
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly object[];
}

/** Writes a call, or a piece of it. */
function toCall(index: number, input: object, piece?: number): object {
  const text = JSON.stringify(input);
  const named = { index, id: `call_${index}`, type: "function" };
  switch (piece) {
    case 0:
      return { ...named, function: { name: "look_up", arguments: "" } };
    case 1:
      return { index, function: { arguments: text.slice(0, 9) } };
    case 2:
      return { index, function: { arguments: text.slice(9) } };
  }
  return { ...named, function: { name: "look_up", arguments: text } };
}

async function* toDeltas(
  { speak, inputs }: CompletionAnswer,
): AsyncGenerator<Delta> {
  yield { role: "assistant", content: "" };
  for await (const token of speak()) {
    yield token.startsWith(THOUGHT)
      ? { reasoning_content: token }
      : { content: token };
  }
  // The pieces of calls come in turns.
  for (const piece of inputs.length > 0 ? [0, 1, 2] : []) {
    for (const [index, input] of inputs.entries()) {
      yield { tool_calls: [toCall(index, input, piece)] };
    }
  }
}

const COMMENT = ": nothing to see here\n\n";

/** Writes the lines of some events as a server does. */
function toLines(text: string, { lines }: Pick<ServerPlan, "lines">) {
  if (lines === "crlf") return text.replaceAll("\n", "\r\n");
  if (lines === "noisy") return COMMENT + text;
  const isLast = lines === "unended" && text.endsWith("[DONE]\n\n");
  return isLast ? text.trimEnd() : text;
}

/** Joins some texts at a time, and writes them as bytes. */
async function* toPieces(
  texts: AsyncIterable<string>,
  plan: Pick<ServerPlan, "piece" | "lines">,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const { piece: count = 1 } = plan;
  const encoder = new TextEncoder();
  let joined = "";
  let left = count;
  for await (const text of texts) {
    joined += toLines(text, plan);
    if (--left > 0) continue;
    yield encoder.encode(joined);
    joined = "";
    left = count;
  }
  if (joined !== "") yield encoder.encode(joined);
}

function toSound(
  type: string,
  texts: AsyncIterable<string>,
  plan: Pick<ServerPlan, "piece" | "lines"> = {},
): SoundResponse {
  return {
    head: new Response(null, { headers: { "content-type": type } }),
    body: toPieces(texts, plan),
  };
}

function toJson(text: string): SoundResponse {
  return toSound("application/json", ReadableStream.from([text]));
}

/** Answers as OpenAI's server does: a text costs as much as it is long. */
export async function answerCompletion(
  { model, messages, stream = false }: CompletionBody,
  answer: CompletionAnswer,
): Promise<SoundResponse> {
  const { inputs, reason, plan, count, onCount } = answer;
  const deltas = toDeltas(answer);
  let output = 0;

  function toUsage() {
    if (count === "never") return {};
    const [input, total] = [messages.length, messages.length + output];
    onCount({ input, output, total });
    return {
      usage: {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: total,
      },
    };
  }
  const toText = (fields: object) =>
    JSON.stringify({
      id: "chatcmpl-1",
      model: toServedModel(model),
      ...fields,
    });
  const toEvent = (delta: Delta, finish_reason: string | null = null) =>
    `data: ${
      toText({
        choices: [{ index: 0, delta, finish_reason }],
        ...(count === "always" && toUsage()),
      })
    }\n\n`;

  async function* toEvents(): AsyncGenerator<string> {
    for await (const delta of deltas) {
      output += delta.content?.length ?? 0;
      yield toEvent(delta);
    }
    yield toEvent({}, reason);
    const last = `data: ${toText({ choices: [], ...toUsage() })}\n\n`;
    await answer.pause();
    yield last;
    yield "data: [DONE]\n\n";
  }
  if (stream) return toSound("text/event-stream", toEvents(), plan);

  const all = await Array.fromAsync(deltas);
  const join = (name: "content" | "reasoning_content") =>
    all.map(({ [name]: text = "" }) => text).join("");
  const content = join("content");
  output = content.length;
  const message = {
    role: "assistant",
    content,
    reasoning_content: join("reasoning_content"),
    ...(inputs.length > 0 && {
      tool_calls: inputs.map((input, index) => toCall(index, input)),
    }),
  };
  const choices = [{ index: 0, message, finish_reason: reason }];
  return toJson(toText({ choices, ...toUsage() }));
}

/** Answers as AI Chats does: an event is a text. */
export function answerPlainly(
  tokens: AsyncIterable<string>,
  plan: ServerPlan,
): SoundResponse {
  async function* toEvents(): AsyncGenerator<string> {
    for await (const token of tokens) {
      yield token.split("\n").map((line) => `data: ${line}\n`).join("") + "\n";
    }
  }
  return toSound("text/event-stream", toEvents(), plan);
}

/** Draws as many pictures as are asked for, unless it draws one at a time. */
export function drawPictures(
  { n = 1 }: PictureBody,
  title: string,
  draws: ServerPlan["draws"],
): SoundResponse {
  const length = draws === "one" ? 1 : n;
  const data = Array.from({ length }, (_, index) => {
    const b64_json = toPicture(title, index);
    const url = PICTURES + encodeURIComponent(b64_json);
    return draws === "links" ? { url } : { b64_json };
  });
  return toJson(JSON.stringify({ created: 0, data }));
}
