import { toStreamingBody } from "../../packages/testing/upstreams/_streaming_body.ts";

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

/** What it answers. */
export interface CompletionAnswer {
  readonly speak: (signal: AbortSignal) => AsyncIterable<string>;
  readonly calls: readonly AnswerCall[];
  readonly signal: AbortSignal;
  /** How many events come in one piece. */
  readonly piece?: number | undefined;
}

/** What a question or an answer costs: its length. */
function toUsage({ messages }: CompletionBody, length: number) {
  return {
    prompt_tokens: messages.length,
    completion_tokens: length,
    total_tokens: messages.length + length,
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

async function* toEvents(
  body: CompletionBody,
  { speak, calls }: CompletionAnswer,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { model } = body;
  const envelope = { id: "chatcmpl-1", object: "chat.completion.chunk", model };
  const toEvent = (fields: object) =>
    `data: ${JSON.stringify({ ...envelope, ...fields })}\n\n`;
  const toChunk = (delta: object, finish_reason: string | null = null) =>
    toEvent({ choices: [{ index: 0, delta, finish_reason }] });

  let length = 0;
  yield toChunk({ role: "assistant", content: "" });
  for await (const content of speak(signal)) {
    length += content.length;
    yield toChunk({ content });
  }
  for (const call of toToolCalls(calls)) yield toChunk({ tool_calls: [call] });
  yield toChunk({}, calls.length > 0 ? "tool_calls" : "stop");
  yield toEvent({ choices: [], usage: toUsage(body, length) });
  yield "data: [DONE]\n\n";
}

/** Joins some texts at a time. */
async function* joinTexts(
  texts: AsyncIterable<string>,
  count: number,
): AsyncGenerator<string> {
  let joined: string[] = [];
  for await (const text of texts) {
    joined.push(text);
    if (joined.length < count) continue;
    yield joined.join("");
    joined = [];
  }
  if (joined.length > 0) yield joined.join("");
}

/** Answers as OpenAI's server does, and costs little. */
export async function answerCompletion(
  body: CompletionBody,
  answer: CompletionAnswer,
): Promise<Response> {
  const { model, stream = false } = body;
  if (stream) {
    return new Response(
      toStreamingBody((signal) =>
        joinTexts(toEvents(body, answer, signal), answer.piece ?? 1)
      ),
      { headers: { "content-type": "text/event-stream" } },
    );
  }
  const { speak, calls, signal } = answer;
  const content = (await Array.fromAsync(speak(signal))).join("");
  const message = {
    role: "assistant",
    content,
    ...(calls.length > 0 && { tool_calls: toToolCalls(calls) }),
  };
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    model,
    choices: [{
      index: 0,
      message,
      finish_reason: calls.length > 0 ? "tool_calls" : "stop",
    }],
    usage: toUsage(body, content.length),
  });
}
