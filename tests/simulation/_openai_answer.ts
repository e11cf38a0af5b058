import type { SoundResponse } from "../../packages/testing/faults/_faulty_response.ts";
import { toPicture } from "./_answers.ts";
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
  }[];
  readonly stream?: boolean;
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
  /** How many events come in one piece. */
  readonly piece?: number | undefined;
  /** Whether it says what it costs: never, at its end, or with each chunk. */
  readonly count: "never" | "once" | "always";
  /** Is told how many tokens it says that it has. */
  readonly onCount: (tokens: number) => void;
}

/** What a question or an answer costs: its length. */
function toUsage(
  { messages }: CompletionBody,
  length: number,
  { count, onCount }: CompletionAnswer,
) {
  if (count === "never") return {};
  onCount(length);
  return {
    usage: {
      prompt_tokens: messages.length,
      completion_tokens: length,
      total_tokens: messages.length + length,
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
  for await (const content of speak()) {
    length += content.length;
    yield toChunk({ content });
  }
  for (const call of toCallPieces(calls)) yield toChunk({ tool_calls: [call] });
  yield toChunk({}, calls.length > 0 ? "tool_calls" : "stop");
  yield toEvent({ choices: [], ...toUsage(body, length, answer) });
  yield "data: [DONE]\n\n";
}

/** Joins some texts at a time, and writes them as bytes. */
async function* toPieces(
  texts: AsyncIterable<string>,
  count = 1,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const encoder = new TextEncoder();
  let joined = "";
  let left = count;
  for await (const text of texts) {
    joined += text;
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
  piece?: number,
): SoundResponse {
  return {
    head: new Response(null, { headers: { "content-type": type } }),
    body: toPieces(texts, piece),
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
    return toSound("text/event-stream", toEvents(body, answer), answer.piece);
  }
  const { speak, calls } = answer;
  const content = (await Array.fromAsync(speak())).join("");
  const message = {
    role: "assistant",
    content,
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
        finish_reason: calls.length > 0 ? "tool_calls" : "stop",
      }],
      ...toUsage(body, content.length, answer),
    }),
  );
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
