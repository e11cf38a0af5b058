import type { ChatStream } from "@parley/chat";
import { check } from "./check.ts";
import { readTo } from "./ending.ts";
import { catchReason } from "./waiting.ts";

/** Reads what comes first, then leaves. */
async function leave(stream: ReadableStream<unknown> | null): Promise<void> {
  const reader = stream?.getReader();
  await reader?.read();
  await reader?.cancel();
}

/** Every way to leave a stream whose answer has begun. */
export const STREAM_EXITS: Readonly<
  Record<string, (stream: ChatStream) => Promise<void>>
> = {
  "break": async (stream) => {
    for await (const { type } of stream) if (type === "text") break;
  },
  "return()": async (stream) => {
    await readTo(stream, "text");
    await stream.return();
  },
  "throw()": async (stream) => {
    await readTo(stream, "text");
    const reason = new RangeError("No");
    const thrown = await catchReason(stream.throw(reason));
    check(thrown === reason, `throw() rejects with ${String(thrown)}`);
  },
  "an error in the loop": async (stream) => {
    const reason = new RangeError("No");
    const thrown = await catchReason((async () => {
      for await (const { type } of stream) if (type === "text") throw reason;
    })());
    check(thrown === reason, `The loop throws ${String(thrown)}`);
  },
  "cancel()": async (stream) => {
    await readTo(stream, "text");
    await stream.cancel();
  },
  "await using": async (stream) => {
    await using own = stream;
    await readTo(own, "text");
  },
  "cancel() of its text stream": (stream) => leave(stream.textStream()),
  "cancel() of its stream of events": (stream) =>
    leave(stream.toReadableStream()),
  "cancel() of its response": (stream) => leave(stream.toResponse().body),
};
