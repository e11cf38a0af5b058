import { EventSourceParserStream } from "eventsource-parser/stream";
import { toDataUrl, toJsonLines, toSseEvents } from "../../mod.ts";
import { cut, toBody } from "./_bodies.ts";
import type { Work } from "./_measure.ts";

const MIB = 1024 * 1024;

interface NativeBytes {
  toBase64?(): string;
}

function toLine(size: number): string {
  return JSON.stringify("x".repeat(size - 2));
}

async function readFirst<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** The least that can be done: keep the pieces, decode them at once. */
async function readWhole(body: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(body).text();
}

function toLineWork(mib: number): Work {
  const line = toLine(mib * MIB);
  const json = cut(new TextEncoder().encode(`${line}\n`), 1024);
  const sse = cut(new TextEncoder().encode(`data: ${line}\n\n`), 1024);
  return {
    title: `(d) One line of ${mib} MiB`,
    size: "in pieces of 1 KiB",
    count: mib,
    unit: "MiB",
    contestants: [
      {
        name: "bare loop",
        run: async () => JSON.parse(await readWhole(toBody(json))).length,
      },
      {
        name: "@parley/chat",
        run: async () =>
          String(await readFirst(toJsonLines(toBody(json)))).length,
      },
      {
        name: "@parley/chat, as an event",
        run: async () =>
          JSON.parse((await readFirst(toSseEvents(toBody(sse))))?.data ?? "")
            .length,
      },
      {
        name: "eventsource-parser",
        run: async () => {
          const events = toBody(sse).pipeThrough(new TextDecoderStream())
            .pipeThrough(new EventSourceParserStream());
          return JSON.parse((await readFirst(events))?.data ?? "").length;
        },
      },
    ],
  };
}

/** Work on bytes: long lines, and a picture. */
export function toByteWorks(): readonly Work[] {
  const picture = new Uint8Array(4 * MIB);
  picture.set([0xff, 0xd8, 0xff]);
  const native: NativeBytes = picture;
  return [
    toLineWork(4),
    toLineWork(8),
    {
      title: "(e) A picture to a data URL",
      size: "4 MiB",
      count: 4,
      unit: "MiB",
      target: 1.5,
      contestants: [
        {
          name: "native toBase64 and a copy",
          // Read at its end, so that the joined text is really made.
          run: () =>
            Promise.resolve(
              `data:image/jpeg;base64,${native.toBase64?.()}`.at(-1),
            ),
        },
        {
          name: "@parley/chat",
          run: () => Promise.resolve(toDataUrl(picture).at(-1)),
        },
      ],
    },
  ];
}
