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

/** A call of a tool. */
export interface AnswerCall {
  readonly name: string;
  readonly input: unknown;
}

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
export function toPrompt({ messages }: CompletionBody): string {
  return messages.map(({ content }) => content ?? "").join("\n");
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
  readonly calls: readonly AnswerCall[];
  /** Why it ends, unless tools are called. */
  readonly reason: "stop" | "length";
  /** How its bytes come. */
  readonly plan: Pick<ServerPlan, "piece" | "lines">;
  /** Whether it says what it costs: never, at its end, or with each chunk. */
  readonly count: "never" | "once" | "always";
  /** Is told what it says that it costs. */
  readonly onCount: (tokens: Tokens) => void;
}

/** What a question or an answer costs: its length. */
function toUsage(
  { messages }: CompletionBody,
  length: number,
  { count, onCount }: CompletionAnswer,
) {
  if (count === "never") return {};
  const input = messages.length;
  const total = input + length;
  onCount({ input, output: length, total });
  return {
    usage: {
      prompt_tokens: input,
      completion_tokens: length,
      total_tokens: total,
    },
  };
}

function toToolCalls(calls: readonly AnswerCall[]) {
  return calls.map(({ name, input }, index) => ({
    index,
    id: `call_${index}`,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
}

/** The pieces of calls; those of their inputs come in turns. */
function* toCallPieces(calls: readonly AnswerCall[]): Iterable<unknown> {
  const whole = toToolCalls(calls);
  for (const { function: { name }, ...call } of whole) {
    yield { ...call, function: { name, arguments: "" } };
  }
  for (const half of [0, 1]) {
    for (const { index, function: { arguments: input } } of whole) {
      const text = half === 0 ? input.slice(0, 9) : input.slice(9);
      yield { index, function: { arguments: text } };
    }
  }
}

async function* toEvents(
  body: CompletionBody,
  answer: CompletionAnswer,
): AsyncGenerator<string> {
  const model = toServedModel(body.model);
  const { speak, calls, count } = answer;
  const envelope = { id: "chatcmpl-1", object: "chat.completion.chunk", model };
  const toEvent = (fields: object) =>
    `data: ${JSON.stringify({ ...envelope, ...fields })}\n\n`;
  let length = 0;
  const toChunk = (delta: object, finish_reason: string | null = null) =>
    toEvent({
      choices: [{ index: 0, delta, finish_reason }],
      ...(count === "always" && toUsage(body, length, answer)),
    });

  yield toChunk({ role: "assistant", content: "" });
  for await (const token of speak()) {
    if (token.startsWith(THOUGHT)) yield toChunk({ reasoning_content: token });
    else {
      length += token.length;
      yield toChunk({ content: token });
    }
  }
  for (const call of toCallPieces(calls)) yield toChunk({ tool_calls: [call] });
  yield toChunk({}, calls.length > 0 ? "tool_calls" : answer.reason);
  yield toEvent({ choices: [], ...toUsage(body, length, answer) });
  yield "data: [DONE]\n\n";
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

async function* toJson(value: unknown): AsyncGenerator<string> {
  yield JSON.stringify(await value);
}

/** Answers as OpenAI's server does, and costs little. */
export async function answerCompletion(
  body: CompletionBody,
  answer: CompletionAnswer,
): Promise<SoundResponse> {
  const { stream = false } = body;
  const model = toServedModel(body.model);
  if (stream) {
    return toSound("text/event-stream", toEvents(body, answer), answer.plan);
  }
  const { speak, calls } = answer;
  const tokens = await Array.fromAsync(speak());
  const isThought = (token: string) => token.startsWith(THOUGHT);
  const content = tokens.filter((token) => !isThought(token)).join("");
  const message = {
    role: "assistant",
    content,
    reasoning_content: tokens.filter(isThought).join(""),
    ...(calls.length > 0 && { tool_calls: toToolCalls(calls) }),
  };
  return toSound(
    "application/json",
    toJson({
      id: "chatcmpl-1",
      object: "chat.completion",
      model,
      choices: [{
        index: 0,
        message,
        finish_reason: calls.length > 0 ? "tool_calls" : answer.reason,
      }],
      ...toUsage(body, content.length, answer),
    }),
  );
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
  return toSound("application/json", toJson({ created: 0, data }));
}
