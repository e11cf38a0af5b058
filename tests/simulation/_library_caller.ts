import { hasEvents } from "./_facts.ts";
import {
  type ChatEvent,
  type ChatInput,
  type ChatOptions,
  type ChatStream,
  jsonSchema,
  type Message,
  ProviderError,
  toJsonLines,
} from "../../mod.ts";
import { runTools, tool } from "../../tools/mod.ts";
import { CountedSignal } from "../../packages/testing/conformance/counted_signal.ts";
import { FOUND, readPicture, toMessages, toQuestion } from "./_answers.ts";
import { EventReader, toKept, toTokens } from "./_event_reader.ts";
import type { Instance } from "./_history.ts";
import type { Outcome } from "./_outcome.ts";
import type { Patience } from "./_time.ts";
import type { CallerPlan, ReadForm } from "./_world.ts";

/** What a stream can be read and left by. */
interface Reader {
  next(): Promise<{ readonly done?: boolean; readonly value?: unknown }>;
  leave(): Promise<unknown>;
}

const CALL_INPUT = jsonSchema<
  { readonly question: number; readonly call: number }
>({
  type: "object",
  properties: { question: { type: "number" }, call: { type: "number" } },
});

/** What is asked, right or wrong. */
function toInput(outcome: Outcome): ChatInput {
  const { caller, chat } = outcome;
  const isShort = chat.conversation !== undefined && !caller.wrong &&
    caller.system === undefined;
  return isShort
    ? toQuestion(caller)
    : toMessages(outcome) as readonly Message[];
}

function toOptions(outcome: Outcome, { signal }: Patience): ChatOptions {
  const { caller, chat } = outcome;
  const { wrong, leave, stream, stop, total, sets } = caller;
  const { maxRetries, maxRetryDelay, form, words } = caller;
  const counted = outcome.signal = new CountedSignal();
  signal.addEventListener("abort", () => {
    counted.controller.abort(signal.reason);
  });
  const isWhole = form === "tools" || form === "pictures";
  const model = form === "pictures" ? "dall-e-3" : undefined;
  return {
    ...{ stream, maxRetries, maxRetryDelay, conversation: chat.conversation },
    ...(form === "pictures" && { image: { count: words } }),
    ...(sets && { temperature: 0.5, topP: 0.9 }),
    ...(wrong === "temperature" && { temperature: -7 }),
    ...(stop && { stop, enforceStop: true }),
    ...(total && { timeouts: { total } }),
    ...((isWhole || leave?.how !== "return") && { signal: counted.signal }),
    model: wrong === "model"
      ? 7 as unknown as string
      : wrong
      ? undefined
      : model,
  };
}

function fromStream<T>(stream: ReadableStream<T>): Reader {
  const reader = stream.getReader();
  return { next: () => reader.read(), leave: () => reader.cancel() };
}

function fromIterator(iterator: AsyncIterableIterator<unknown>): Reader {
  return {
    next: () => iterator.next(),
    leave: async () => await iterator.return?.(),
  };
}

/** A line of a response, the last of which may say why it has failed. */
type Line = ChatEvent | {
  readonly type: "error";
  readonly error: { readonly code: "aborted" } | ProviderError;
};

function fromLines(stream: ChatStream): Reader {
  const { body } = stream.toResponse({ format: "jsonl" });
  return fromIterator(toJsonLines(body ?? new ReadableStream<Uint8Array>()));
}

/** In which ways a stream is read, but as a result. */
const READERS: Partial<Record<ReadForm, (stream: ChatStream) => Reader>> = {
  events: fromIterator,
  batches: (stream) => fromIterator(stream.batches()),
  textStream: (stream) => fromStream(stream.textStream()),
  readable: (stream) => fromStream(stream.toReadableStream()),
  jsonl: fromLines,
};

function toEvent(line: Line, { signal }: Patience): ChatEvent {
  if (line.type !== "error") return line;
  const { error } = line;
  if (error.code === "aborted") throw signal.reason;
  throw new ProviderError(error.message, error);
}

async function readAll(
  reader: Reader,
  add: (value: unknown) => void,
  patience: Patience,
  { how = "abort" }: Partial<NonNullable<CallerPlan["leave"]>>,
): Promise<void> {
  if (how === "return") {
    patience.signal.addEventListener("abort", () => {
      reader.leave().catch(() => {});
    });
  }
  for (;;) {
    await patience.next();
    if (how === "forget" && patience.signal.aborted) return;
    const { done, value } = await reader.next();
    if (done) return;
    add(value);
  }
}

async function readResult(
  stream: ChatStream,
  outcome: Outcome,
  { signal }: Patience,
): Promise<void> {
  signal.addEventListener("abort", () => void stream.cancel());
  const { conversation, usage, warnings, ...result } = await stream.result();
  const { text, reasoning, provider, attempts } = result;
  Object.assign(outcome, {
    ...{ text, provider, attempts, thought: reasoning },
    next: { conversation: conversation && toKept(conversation) },
    ...usage && { tokens: toTokens(usage) },
    finish: result.finishReason,
    model: result.responseModel,
    title: result.title,
  });
  outcome.warnings.push(...warnings.map(({ code }) => code));
}

async function askWithTools(
  { provider, clock }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const lookUp = tool({
    name: "look_up",
    inputSchema: CALL_INPUT,
    execute({ question, call }) {
      outcome.calls.push(`${question}/${call}`);
      return FOUND;
    },
  });
  const { steps, text, provider: id, finishReason: finish } = await runTools(
    provider,
    toInput(outcome),
    { ...toOptions(outcome, patience), clock, tools: [lookUp] },
  ).result();
  Object.assign(outcome, { text, provider: id, finish });
  const reasons = steps.map((step) => step.finishReason).join();
  if (reasons === `tool-calls,${finish}`) return;
  outcome.problems.push(`steps that end by ${reasons}`);
}

async function askForPictures(
  { provider }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const { images, provider: id, attempts } = await provider.generate(
    toInput(outcome),
    toOptions(outcome, patience),
  );
  const drawn = images.map(async (image) => readPicture(await image.base64()));
  const text = (await Promise.all(drawn)).join();
  Object.assign(outcome, { text, provider: id, attempts });
}

async function askForText(
  { provider }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const { form, leave = {} } = outcome.caller;
  const stream = provider.stream(
    toInput(outcome),
    toOptions(outcome, patience),
  );
  const events = new EventReader(outcome);
  const add = (value: unknown): void => {
    if (typeof value === "string") outcome.text += value;
    else if (Array.isArray(value)) value.forEach(add);
    else events.add(toEvent(value as Line, patience));
  };
  try {
    const { [form]: open } = READERS;
    if (open === undefined) await readResult(stream, outcome, patience);
    else await readAll(open(stream), add, patience, leave);
  } finally {
    outcome.attempts = stream.attempts;
    const { told = stream.attempts.length } = outcome;
    if (told !== stream.attempts.length) {
      outcome.problems.push(`an end that tells of ${told} attempts`);
    }
    outcome.partial = stream.partial.text;
  }
  const isWhole = !hasEvents(outcome.caller) ||
    outcome.events.at(-1) === "finish";
  if (isWhole || patience.signal.aborted) return;
  outcome.problems.push("an end without a finish");
}

/** Asks an instance, and notes what becomes of it. */
export async function askLibrary(
  ...asking: Parameters<typeof askForText>
): Promise<void> {
  const [, { caller: { form } }] = asking;
  if (form === "tools") await askWithTools(...asking);
  else if (form === "pictures") await askForPictures(...asking);
  else await askForText(...asking);
}
