import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock, record } from "../mod.ts";

const KEY = "sk-planted-0123456789";
const URL_WITH_KEY =
  `https://me:pass-0123456789@a.example/v1/chat?key=${KEY}#x`;

/** Records one exchange, and gives its lines. */
async function recordOne(
  answer: () => Response | Promise<Response>,
  init: RequestInit = {},
  url = "https://a.example/v1/chat",
): Promise<readonly Record<string, unknown>[]> {
  let lines = "";
  const fetch = record(() => Promise.resolve(answer()), {
    write: (more) => void (lines += more),
    secrets: [KEY],
    clock: new FakeClock(),
  });
  await fetch(url, init).then((response) => response.bytes()).catch(() => {});
  return lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

function toBody(pieces: readonly (string | Uint8Array)[]): ReadableStream {
  return ReadableStream.from(
    pieces.map((piece) =>
      typeof piece === "string" ? new TextEncoder().encode(piece) : piece
    ),
  );
}

Deno.test("record() writes heads and pieces, without keys", async () => {
  const euro = new TextEncoder().encode("€");
  const lines = await recordOne(
    () =>
      new Response(toBody(["Good", euro.subarray(0, 1), euro.subarray(1)]), {
        status: 201,
        headers: [
          ["content-type", "text/plain"],
          ["set-cookie", "session=abcdefghij; HttpOnly"],
          ["x-internal", "host-7"],
          ["location", `/next?code=${KEY}`],
        ],
      }),
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${KEY}`,
        "content-type": "application/json",
        "x-custom": "mine",
      },
      body: "What is asked",
    },
    URL_WITH_KEY,
  );
  assertEquals(lines.map(({ exchange: _, ms: _ms, ...rest }) => rest), [
    {
      request: {
        method: "POST",
        url: "https://a.example/v1/chat?key=removed",
        headers: [
          ["authorization", "removed"],
          ["content-type", "application/json"],
          ["x-custom", "removed"],
        ],
      },
    },
    {
      response: {
        status: 201,
        headers: [
          ["content-type", "text/plain"],
          ["location", "https://a.example/next?code=removed"],
          ["set-cookie", "session=removed; Path=/"],
        ],
      },
    },
    { text: "Good" },
    { base64: "4g==" },
    { base64: "gqw=" },
    { end: "whole" },
  ]);
});

for (
  const [what, body] of [
    ["in one piece", `key ${KEY}`],
    ["cut by the network", [KEY.slice(0, 9), KEY.slice(9)]],
    ["in base64", btoa(KEY)],
    ["of a header, as the server repeats it", "other-key-0123456789"],
    ["of a cookie that the answer sets", "abcdefghij"],
  ] as const
) {
  Deno.test(`record() refuses a body that holds a key ${what}`, async () => {
    const lines = await recordOne(
      () =>
        new Response(toBody([body].flat()), {
          headers: { "set-cookie": "session=abcdefghij" },
        }),
      { headers: { "x-api-key": "other-key-0123456789" } },
    );
    assertEquals(lines.length, 3);
    assertEquals(lines.at(-1)?.end, "refused");
  });
}

Deno.test("record() writes nothing where the path holds a key", async () => {
  const url = `https://a.example/${KEY}/chat`;
  assertEquals(await recordOne(() => new Response("Hi"), {}, url), []);
});

Deno.test("record() tells how an exchange ended", async () => {
  const broken = await recordOne(() =>
    Promise.reject(new TypeError(`Cannot reach ${URL_WITH_KEY}`))
  );
  assertEquals(broken.at(-1)?.message, "Cannot reach <url>");
  const cut = await recordOne(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          controller.error(new TypeError("Closed"));
        },
      }, { highWaterMark: 0 }),
    )
  );
  assertEquals([cut.at(-1)?.end, cut.at(-1)?.message], ["broken", "Closed"]);
  const empty = await recordOne(() => new Response(null, { status: 204 }));
  assertEquals(empty.at(-1)?.end, "whole");
});

Deno.test("record() hands on what it is answered, and a reader that leaves", async () => {
  let lines = "";
  let isLeft = false;
  const source = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("Hi")),
    cancel: () => void (isLeft = true),
  });
  const fetch = record(() => Promise.resolve(new Response(source)), {
    write: (more) => void (lines += more),
  });
  const { body } = await fetch("https://a.example/");
  const reader = body?.getReader();
  assertEquals((await reader?.read())?.value?.length, 2);
  await reader?.cancel();
  assertEquals([isLeft, lines.includes('"end":"left"')], [true, true]);

  const failing = record(() => Promise.reject(new TypeError("No")), {
    write() {},
  });
  await assertRejects(() => failing("https://a.example/"), TypeError, "No");
});
