import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createFaultyUpstream,
  createUpstream,
  FakeClock,
  type FaultPlan,
} from "../mod.ts";
import { within } from "../conformance/check.ts";

const SERVER = "https://faulty.example/talk";
const SSE = { "content-type": "text/event-stream" };

/** A server whose body is five events. */
function createFive(headers: Record<string, string> = SSE) {
  return createUpstream(() =>
    new Response(
      "data: 1\n\ndata: 2\n\ndata: 3\r\n\r\ndata: 4\n\ndata: 5\n\n",
      {
        headers,
      },
    )
  );
}

async function ask(
  plan: FaultPlan,
  upstream = createFive(),
): Promise<Response> {
  return await createFaultyUpstream(upstream, plan).fetch(SERVER);
}

async function readFaulty(plan: FaultPlan, headers = SSE): Promise<string> {
  const response = await ask(plan, createFive(headers));
  return await response.text();
}

/** What has come before the body breaks, and the error. */
async function readBroken(response: Response): Promise<[string, unknown]> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece);
    }
  } catch (error) {
    return [text, error];
  }
  throw new Error("The body is whole");
}

Deno.test("createFaultyUpstream() cuts a body after bytes, events and lines", async () => {
  const cut = (after: { bytes: number } | { events: number }): FaultPlan => ({
    faults: [{ type: "cut", after }],
  });
  assertEquals(await readFaulty(cut({ bytes: 0 })), "");
  assertEquals(await readFaulty(cut({ bytes: 4 })), "data");
  assertEquals(await readFaulty(cut({ events: 0 })), "");
  assertEquals(await readFaulty(cut({ events: 2 })), "data: 1\n\ndata: 2\n\n");
  assertEquals(
    await readFaulty(cut({ events: 3 })),
    "data: 1\n\ndata: 2\n\ndata: 3\r\n\r\n",
  );
  const lines = { "content-type": "application/jsonl" };
  const head = await readFaulty(cut({ events: 2 }), lines);
  assertEquals(head, "data: 1\n\n");
});

Deno.test("createFaultyUpstream() puts something in between", async () => {
  assertEquals(
    await readFaulty({
      faults: [
        { type: "insert", after: { events: 1 }, text: ": x\n\n" },
        { type: "cut", after: { events: 3 } },
        { type: "insert", text: "end" },
      ],
    }),
    "data: 1\n\n: x\n\ndata: 2\n\nend",
  );
  const garbage: FaultPlan = {
    faults: [{ type: "garbage", after: { bytes: 3 }, bytes: 9, seed: 4 }],
  };
  const first = await readFaulty(garbage);
  assertEquals(first, await readFaulty(garbage));
  assert(first.startsWith("dat") && first.endsWith("a: 5\n\n"), first);
});

Deno.test("createFaultyUpstream() breaks a body", async () => {
  const response = await ask({
    faults: [{ type: "reset", after: { events: 1 } }],
  });
  const [text, error] = await readBroken(response);
  assertEquals(text, "data: 1\n\n");
  assert(error instanceof TypeError);
});

Deno.test("createFaultyUpstream() stalls, drips and floods until the reader leaves", async () => {
  for (const type of ["stall", "drip", "flood"] as const) {
    const response = await ask({
      faults: [{ type, after: { events: 1 }, text: "x", every: 1 }],
    });
    const reader = response.body?.getReader();
    await reader?.read();
    const next = reader?.read();
    if (type !== "stall") {
      const { value } = await next ?? {};
      assertEquals(new TextDecoder().decode(value), "x");
    }
    await within(1_000, Promise.resolve(reader?.cancel()));
  }
});

Deno.test("createFaultyUpstream() ends a stalled body with the signal of the request", async () => {
  const controller = new AbortController();
  const { fetch } = createFaultyUpstream(createFive(), {
    faults: [{ type: "stall" }],
  });
  const { signal } = controller;
  const response = await fetch(SERVER, { signal });
  const text = response.text();
  controller.abort(new RangeError("enough"));
  await assertRejects(() => text, RangeError, "enough");
});

Deno.test("createFaultyUpstream() has faults of time", async () => {
  const clock = new FakeClock();
  const upstream = createUpstream(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array([65])),
      }),
    )
  );
  const { fetch } = createFaultyUpstream(upstream, {
    faults: [{ type: "cut", after: { ms: 700 } }],
  }, { clock });
  const response = await fetch(SERVER);
  const waits: number[] = [];
  const text = await clock.skipWaits(response.text(), (ms) => waits.push(ms));
  assertEquals([text, waits, clock.timers], ["A", [700], 0]);
});

Deno.test("createFaultyUpstream() answers in place of the server", async () => {
  const upstream = createFive();
  const { fetch, requests } = createFaultyUpstream(upstream, {
    faults: [{
      type: "respond",
      status: 503,
      headers: { "retry-after": "7" },
      body: "<p>Busy</p>",
    }],
  });
  const response = await fetch(SERVER, { method: "POST", body: "Hello" });
  assertEquals(response.status, 503);
  assertEquals(response.headers.get("retry-after"), "7");
  assertEquals(await response.text(), "<p>Busy</p>");
  assertEquals(requests[0]?.body, "Hello");
  assertEquals(upstream.requests.length, 0);
});

Deno.test("createFaultyUpstream() spares and strikes the requests of its plan", async () => {
  const { fetch, requests } = createFaultyUpstream(createFive(), {
    path: "^/talk$",
    skip: 1,
    times: 2,
    faults: [{ type: "respond", status: 500 }],
  });
  const statuses: number[] = [];
  for (const path of ["talk", "other", "talk", "talker", "talk", "talk"]) {
    const response = await fetch(`https://faulty.example/${path}`);
    await response.body?.cancel();
    statuses.push(response.status);
  }
  assertEquals(statuses, [200, 200, 500, 200, 500, 200]);
  assertEquals(requests.length, 6);
});

Deno.test("createFaultyUpstream() never answers, or breaks before it does", async () => {
  const signal = AbortSignal.timeout(20);
  await assertRejects(
    () =>
      createFaultyUpstream(createFive(), { faults: [{ type: "silence" }] })
        .fetch(SERVER, { signal }),
    DOMException,
  );
  for (const type of ["refuse", "half-header"] as const) {
    await assertRejects(
      () => ask({ faults: [{ type }] }),
      TypeError,
    );
  }
  const short = await ask({
    faults: [{ type: "short", missing: 3 }],
  });
  const [text] = await readBroken(short);
  assert(text.endsWith("data: 5\n\n"));
});
