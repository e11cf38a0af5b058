import type {
  ChatEvent,
  ChatInput,
  ChatOptions,
  ChatStream,
} from "@parley/chat";
import { check, checkEquals } from "./check.ts";
import { catchError, isProviderError, joinText, readAll } from "./ending.ts";
import type { CaseDefinition } from "./target.ts";
import { createFixture, TEXT } from "./fixture.ts";
import { catchReason, settle } from "./waiting.ts";

/** Every way to begin to read a stream. */
const READERS: Readonly<Record<string, (stream: ChatStream) => unknown>> = {
  "a loop": (stream) => stream[Symbol.asyncIterator](),
  "textStream()": (stream) => stream.textStream(),
  "toReadableStream()": (stream) => stream.toReadableStream(),
  "toResponse()": (stream) => stream.toResponse(),
};

/** Every way to read a stream, to the first thing that comes of it. */
const READ_METHODS: Readonly<
  Record<string, (stream: ChatStream) => Promise<unknown>>
> = {
  "a loop": async (stream) => {
    for await (const _event of stream) return;
  },
  "text()": (stream) => stream.text(),
  "result()": (stream) => stream.result(),
  "textStream()": async (stream) => await first(stream.textStream()),
  "toReadableStream()": async (stream) =>
    await first(stream.toReadableStream()),
  "toResponse()": async (stream) => await stream.toResponse().text(),
};

async function first(stream: ReadableStream<unknown>): Promise<unknown> {
  const reader = stream.getReader();
  return await reader.read().finally(() => reader.cancel());
}

/** Input that no type lets through, as it comes from a program without types. */
const WRONG: readonly {
  readonly input?: ChatInput;
  readonly options?: ChatOptions;
}[] = [
  { input: [] },
  { input: JSON.parse("null") },
  { input: JSON.parse("7") },
  { input: JSON.parse('[{"role":"robot","content":"Hello"}]') },
  { input: JSON.parse('[{"role":"user"}]') },
  { input: JSON.parse("[null]") },
  { options: { model: "no such model" } },
  { options: { timeouts: { idle: -1 } } },
  { options: { maxRetries: NaN } },
  { options: JSON.parse('{"modle":"x"}') },
  { options: JSON.parse('{"signal":"x"}') },
  { options: JSON.parse('{"headers":{"x":"\\n"}}') },
];

/** Nothing happens before the first read, and there is one reading. */
export const LAZY_CASES: readonly CaseDefinition[] = [
  {
    name: "sends nothing before the first read [A08]",
    async run(target) {
      const fixture = await createFixture(target);
      const stream = fixture.stream();
      await settle();
      checkEquals(fixture.requests.length, 0, "The number of requests");
      checkEquals(fixture.clock.timers, 0, "The number of timers");
      await stream.next();
      checkEquals(fixture.answers.length, 1, "The number of answers");
      await stream.return();
      for (const [name, read] of Object.entries(READERS)) {
        const fixture = await createFixture(target);
        const stream = fixture.stream();
        read(stream);
        await settle();
        checkEquals(fixture.requests.length, 0, `The requests after ${name}`);
        await stream.cancel();
      }
    },
  },
  {
    name: "sends nothing for a stream that is left unread",
    async run(target) {
      const fixture = await createFixture(target);
      for (
        const leave of [
          (stream: ChatStream) => stream.cancel(),
          (stream: ChatStream) => stream.return(),
          (stream: ChatStream) => stream[Symbol.asyncDispose](),
        ]
      ) {
        const stream = fixture.stream();
        await leave(stream);
        checkEquals((await stream.next()).done, true, "Whether it is done");
      }
      await settle();
      checkEquals(fixture.requests.length, 0, "The number of requests");
      checkEquals(fixture.clock.timers, 0, "The number of timers");
    },
  },
  {
    name: "does not throw before the first read, whatever it is given",
    async run(target) {
      const fixture = await createFixture(target);
      for (const { input, options } of WRONG) {
        const what = JSON.stringify(options ?? input);
        let stream: ChatStream;
        try {
          stream = fixture.stream(options, input);
        } catch (error) {
          throw check(false, `stream() throws ${error} for ${what}`);
        }
        await settle();
        const error = await catchError(stream.next());
        check(
          ["invalid-request", "unknown-model", "unsupported"]
            .includes(error.code),
          `The code is ${error.code} for ${what}`,
        );
        checkEquals((await stream.next()).done, true, "Whether it is done");
      }
      checkEquals(fixture.requests.length, 0, "The number of requests");
    },
  },
  {
    name: "rejects who reads a second time [A12] [B04]",
    async run(target) {
      const fixture = await createFixture(target);
      const stream = fixture.stream();
      await readAll(stream);
      for (const [name, read] of Object.entries(READ_METHODS)) {
        const error = await catchError(
          Promise.resolve().then(() => read(stream)),
        );
        checkEquals(error.code, "invalid-request", `The code of ${name}`);
      }
      checkEquals(fixture.answers.length, 1, "The number of requests");
    },
  },
  {
    name: "rejects who reads in two ways",
    async run(target) {
      for (const [one, read] of Object.entries(READERS)) {
        for (const [two, readToo] of Object.entries(READ_METHODS)) {
          const fixture = await createFixture(target);
          const stream = fixture.stream();
          read(stream);
          const error = await catchReason(
            Promise.resolve().then(() => readToo(stream)),
          );
          check(
            isProviderError(error) && error.code === "invalid-request",
            `${two} after ${one} throws ${error}`,
          );
          checkEquals(fixture.requests.length, 0, "The number of requests");
          await stream.cancel();
        }
      }
    },
  },
  {
    name: "gives text() and result() of one reading",
    async run(target) {
      const fixture = await createFixture(target);
      const stream = fixture.stream();
      const [text, { text: collected }] = await Promise.all([
        stream.text(),
        stream.result(),
      ]);
      checkEquals([text, collected], [TEXT, TEXT], "The texts");
      checkEquals(fixture.answers.length, 1, "The number of requests");
    },
  },
  {
    name: "answers reads that wait at once in their order, then is done [A13]",
    async run(target) {
      const { events } = await readAll((await createFixture(target)).stream());
      const types = events.map(({ type }) => type);
      for (const count of [2, 5, events.length + 3]) {
        const stream = (await createFixture(target)).stream();
        const seen: ChatEvent[] = [];
        let dones = 0;
        while (dones === 0) {
          const reads = Array.from({ length: count }, () => stream.next());
          for (const { done, value } of await Promise.all(reads)) {
            if (done) dones++;
            else check(dones === 0, "An event comes after the end");
            if (!done) seen.push(value);
          }
        }
        checkEquals(joinText(seen), TEXT, `The text of ${count} reads at once`);
        checkEquals(seen.map(({ type }) => type), types, "The events");
        for (let read = 0; read < 2; read++) {
          checkEquals((await stream.next()).done, true, "Whether it is done");
        }
      }
    },
  },
  {
    name: "is done after an error",
    async run(target) {
      const fixture = await createFixture(target, {
        plan: { faults: [{ type: "respond", status: 400 }] },
      });
      const stream = fixture.stream();
      const reads = [stream.next(), stream.next(), stream.next()];
      const [error, ...others] = await Promise.allSettled(reads);
      checkEquals(error?.status, "rejected", "The first read");
      for (
        const other of [...others, ...await Promise.allSettled([stream.next()])]
      ) {
        check(
          other.status === "fulfilled" && other.value.done === true,
          "A read after the error is not done",
        );
      }
    },
  },
];
