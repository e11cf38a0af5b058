import {
  type ChatEvent,
  type ChatInput,
  type ChatOptions,
  type ChatStream,
  isProviderError,
  jsonSchema,
} from "../../mod.ts";
import { runTools, tool } from "../../tools/mod.ts";
import { CountedSignal } from "../../packages/testing/conformance/counted_signal.ts";
import { FOUND, readPicture, toQuestion } from "./_answers.ts";
import { EventReader } from "./_event_reader.ts";
import type { Instance } from "./_instances.ts";
import { hasEvents, type Outcome } from "./_outcome.ts";
import type { Patience } from "./_patience.ts";
import type { CallerPlan } from "./_world.ts";

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
export function toInput({ caller, chat }: Outcome): ChatInput {
  const question = toQuestion(caller);
  if (caller.wrong === "empty") return [];
  if (caller.wrong === "role") {
    return [{ role: "narrator" as "user", content: question }];
  }
  const { system } = caller;
  if (chat.conversation !== undefined && system === undefined) return question;
  const turns = chat.conversation === undefined ? chat.turns : [];
  return [
    ...system === undefined
      ? []
      : [{ role: "system" as const, content: system }],
    ...turns.flatMap(({ question, answer }) => [
      { role: "user" as const, content: question },
      { role: "assistant" as const, content: answer },
    ]),
    { role: "user", content: question },
  ];
}

function toOptions(outcome: Outcome, { signal }: Patience): ChatOptions {
  const { caller, chat } = outcome;
  const { wrong, leave, stream, stop, total } = caller;
  const counted = new CountedSignal();
  signal.addEventListener("abort", () => {
    counted.controller.abort(signal.reason);
  });
  const canAbort = leave?.how !== "return" ||
    ["tools", "pictures"].includes(caller.form);
  outcome.signal = counted;
  return {
    stream,
    ...(stop && { stop, enforceStop: true }),
    ...(total && { timeouts: { total } }),
    ...(canAbort && { signal: counted.signal }),
    ...(chat.conversation && { conversation: chat.conversation }),
    ...(wrong === "temperature" && { temperature: -7 }),
    ...(wrong === "model" && { model: 7 as unknown as string }),
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
  const { text, provider, attempts, conversation, usage } = await stream
    .result();
  outcome.tokens = usage?.outputTokens;
  Object.assign(outcome, { text, provider, attempts, next: { conversation } });
}

async function askWithTools(
  { provider, clock }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const run = runTools(provider, toInput(outcome), {
    ...toOptions(outcome, patience),
    clock,
    tools: [
      tool({
        name: "look_up",
        inputSchema: CALL_INPUT,
        execute: ({ question, call }) => {
          outcome.calls.push(`${question}/${call}`);
          return FOUND;
        },
      }),
    ],
  });
  const { text, provider: id } = await run.result();
  Object.assign(outcome, { text, provider: id });
}

async function askForPictures(
  { provider }: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const { images, provider: id, attempts } = await provider.generate(
    toInput(outcome),
    {
      ...toOptions(outcome, patience),
      ...(!outcome.caller.wrong && { model: "dall-e-3" }),
      image: { count: outcome.caller.words },
    },
  );
  const drawn = images.map(async (image) => readPicture(await image.base64()));
  const text = (await Promise.all(drawn)).join();
  Object.assign(outcome, { text, provider: id, attempts });
}

async function read(
  instance: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  const { form, leave = {} } = outcome.caller;
  if (form === "tools") return await askWithTools(instance, outcome, patience);
  if (form === "pictures") {
    return await askForPictures(instance, outcome, patience);
  }
  const stream = instance.provider.stream(
    toInput(outcome),
    toOptions(outcome, patience),
  );
  const reader = new EventReader(outcome);
  const add = (event: unknown) => reader.add(event as ChatEvent);
  try {
    switch (form) {
      case "events":
        await readAll(fromIterator(stream), add, patience, leave);
        break;
      case "batches":
        await readAll(
          fromIterator(stream.batches()),
          (batch) => (batch as readonly ChatEvent[]).forEach(add),
          patience,
          leave,
        );
        break;
      case "readable":
        await readAll(
          fromStream(stream.toReadableStream()),
          add,
          patience,
          leave,
        );
        break;
      case "textStream":
        await readAll(
          fromStream(stream.textStream()),
          (text) => outcome.text += text,
          patience,
          leave,
        );
        break;
      case "result":
        await readResult(stream, outcome, patience);
    }
  } finally {
    outcome.attempts = stream.attempts;
    const { told = stream.attempts.length } = outcome;
    if (told !== stream.attempts.length) {
      outcome.problems.push(`an end that tells of ${told} attempts`);
    }
    outcome.partial = stream.partial.text;
  }
}

/** Asks an instance, and notes what becomes of it. */
export async function askLibrary(
  instance: Instance,
  outcome: Outcome,
  patience: Patience,
): Promise<void> {
  try {
    await read(instance, outcome, patience);
    const { events, caller } = outcome;
    if (patience.signal.aborted) outcome.ending = "left";
    else if (hasEvents(caller) && events.at(-1) !== "finish") {
      outcome.problems.push("an end without a finish");
    }
    outcome.ending ??= "whole";
  } catch (error) {
    outcome.error = error;
    outcome.reason = patience.signal.reason;
    outcome.code = isProviderError(error) ? error.code : String(error);
    outcome.ending = patience.signal.aborted ? "left" : "failed";
    if (isProviderError(error)) outcome.partial = error.partial?.text;
  }
}
