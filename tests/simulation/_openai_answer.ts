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

/** How bytes come. */
type Way = Pick<ServerPlan, "piece" | "lines">;

/** What a server of OpenAI's answers. */
export interface CompletionAnswer {
  readonly speak: () => AsyncIterable<string>;
  /** With what tools are called. */
  readonly inputs: readonly object[];
  /** Why it ends. */
  readonly reason: "stop" | "length" | "tool_calls";
  readonly plan: Way;
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
  const pieces = ["", text.slice(0, 9), text.slice(9)];
  const rest = { arguments: piece === undefined ? text : pieces[piece] };
  if (piece) return { index, function: rest };
  const call = { index, id: `call_${index}`, type: "function" };
  return { ...call, function: { name: "look_up", ...rest } };
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

/** Writes the lines of some events as a server does. */
function toLines(text: string, { lines }: Way): string {
  if (lines === "crlf") return text.replaceAll("\n", "\r\n");
  if (lines === "noisy") return ": nothing to see here\n\n" + text;
  const isLast = lines === "unended" && text.endsWith("[DONE]\n\n");
  return isLast ? text.trimEnd() : text;
}

/** Joins some texts at a time, and writes them as bytes. */
async function* toPieces(
  texts: AsyncIterable<string>,
  plan: Way,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const encoder = new TextEncoder();
  let joined: string[] = [];
  for await (const text of texts) {
    joined.push(toLines(text, plan));
    if (joined.length < (plan.piece ?? 1)) continue;
    yield encoder.encode(joined.join(""));
    joined = [];
  }
  if (joined.length > 0) yield encoder.encode(joined.join(""));
}

function toSound(
  type: string,
  texts: AsyncIterable<string>,
  plan: Way = {},
): SoundResponse {
  const head = new Response(null, { headers: { "content-type": type } });
  return { head, body: toPieces(texts, plan) };
}

function toJson(text: string): SoundResponse {
  return toSound("application/json", ReadableStream.from([text]));
}

/** Answers as OpenAI's server does: a text costs as much as it is long. */
export async function answerCompletion(
  { model, messages, stream = false }: CompletionBody,
  answer: CompletionAnswer,
): Promise<SoundResponse> {
  const { inputs, reason, plan, count } = answer;
  const deltas = toDeltas(answer);
  let output = 0;

  function toUsage() {
    if (count === "never") return {};
    const [input, total] = [messages.length, messages.length + output];
    answer.onCount({ input, output, total });
    const counts = { prompt_tokens: input, completion_tokens: output };
    return { usage: { ...counts, total_tokens: total } };
  }
  const toText = (fields: object) =>
    JSON.stringify({
      id: "chatcmpl-1",
      model: toServedModel(model),
      ...fields,
    });
  const toEvent = (delta: Delta, finish_reason: string | null = null) => {
    const choices = [{ index: 0, delta, finish_reason }];
    const usage = count === "always" && toUsage();
    return `data: ${toText({ choices, ...usage })}\n\n`;
  };

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
  const calls = inputs.map((input, index) => toCall(index, input));
  const message = {
    role: "assistant",
    content,
    reasoning_content: join("reasoning_content"),
    ...(calls.length > 0 && { tool_calls: calls }),
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
      yield token.replace(/^/gm, "data: ") + "\n\n";
    }
  }
  return toSound("text/event-stream", toEvents(), plan);
}

/** Draws as many pictures as are asked for, unless it draws one at a time. */
export function drawPictures(
  n: number,
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
