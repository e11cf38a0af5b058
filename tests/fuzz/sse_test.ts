import { createSseDecoder, type SseEvent } from "../../core/streams/sse.ts";
import { toSseEvents } from "../../core/http/to_sse_events.ts";
import { TestBody } from "../_body.ts";
import { randomInt } from "../_random.ts";
import { fuzz } from "./_cases.ts";
import { cutAnyhow } from "./_chunks.ts";
import { decodeAll } from "./_decode_all.ts";
import { parseOtherwise } from "./_other_sse.ts";
import { randomSse } from "./_random_sse.ts";
import { assertSame } from "./_same.ts";
import { parseSlowly } from "./_slow_sse.ts";

/** Compares events with those that a library of others gives. */
function assertOthersAgree(all: readonly SseEvent[], bytes: Uint8Array): void {
  const events = all.filter(({ unterminated }) => !unterminated);
  const others = parseOtherwise(bytes);
  assertSame(
    events.map(({ event, data, id }) => ({ event, data, id })),
    others.map(({ event, data, id }) => ({ event, data, id })),
  );
  const hasRetry = (_: unknown, index: number) =>
    events[index]?.retry !== undefined;
  assertSame(
    events.filter(hasRetry).map(({ retry }) => retry),
    others.filter(hasRetry).map(({ lastRetry }) => lastRetry),
  );
}

fuzz(
  "createSseDecoder gives what the rules of the Web and eventsource-parser give, for random streams",
  (random) => {
    const bytes = randomSse(random);
    const chunks = cutAnyhow(bytes, random);
    const { items, error } = decodeAll(createSseDecoder(), chunks);
    assertSame({ items, error }, { items: parseSlowly(bytes).events });
    assertOthersAgree(items, bytes);
  },
);

fuzz(
  "createSseDecoder stops at its limit wherever a random stream is cut",
  (random) => {
    const bytes = randomSse(random);
    // Of a line that may be ignored, 8 characters have to fit.
    const eventLength = 8 + randomInt(random, 40);
    const decoder = createSseDecoder({ eventLength });
    const { items, error } = decodeAll(decoder, cutAnyhow(bytes, random));
    const { events, isTooLong } = parseSlowly(bytes, eventLength);
    assertSame(
      { items, error },
      { items: events, ...(isTooLong && { error: "too-large" }) },
    );
  },
  { share: 0.2 },
);

fuzz(
  "toSseEvents() gives what the rules of the Web give, for random streams",
  async (random) => {
    const bytes = randomSse(random);
    const { stream } = new TestBody(cutAnyhow(bytes, random));
    const events: SseEvent[] = await Array.fromAsync(toSseEvents(stream));
    assertSame(events, parseSlowly(bytes).events);
  },
  { share: 0.1 },
);
