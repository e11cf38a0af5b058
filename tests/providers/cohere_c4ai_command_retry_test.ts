// The server stores a message before it answers: sent again it is there twice.
import { assertEquals } from "@std/assert";
import { createCohereC4aiCommand } from "../../providers/cohere_c4ai_command.ts";
import { createChatUiUpstream, type Upstream } from "@parley/testing";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import { type Answer, IMPATIENT, interpose, toRoutes } from "./_requests.ts";

/** A server that says how many messages it remembers. */
function createServer(): Upstream {
  return createChatUiUpstream({
    answer: (_prompt, { messages }) => String(messages.length),
  });
}

function isMessage({ method, url }: Request): boolean {
  return method === "POST" && /\/conversation\/[0-9a-f]+$/.test(url);
}

/** Asks a server between which and the caller something stands. */
function connect(upstream: Upstream, answer: Answer) {
  const fetch = interpose(upstream, answer);
  return createCohereC4aiCommand({ ...IMPATIENT, fetch });
}

for (const status of [429, 503]) {
  Deno.test(`cohereC4aiCommand sends a message again that was refused by ${status}`, async () => {
    const upstream = createServer();
    let refusals = 0;
    const provider = connect(
      upstream,
      (request) =>
        isMessage(request) && refusals++ < 2
          ? Response.json({ message: "Not now" }, { status })
          : undefined,
    );
    const { text, attempts, conversation } = await provider.generate("Hello");
    assertEquals([text, attempts.length, refusals], ["1", 3, 3]);
    const path = `/conversation/${conversation?.id}`;
    assertEquals(toRoutes(upstream), [
      "POST /conversation",
      `GET /api${path}`,
      `GET /api${path}`,
      `GET /api${path}`,
      `POST ${path}`,
    ]);
    const sessions = upstream.requests.slice(1)
      .map(({ headers }) => headers.get("cookie"));
    assertEquals(new Set(sessions).size, 1);
  });

  Deno.test(`cohereC4aiCommand sends the whole chat again that was refused by ${status} [R06]`, async () => {
    const upstream = createServer();
    const { conversation } = await connect(upstream, () => undefined)
      .generate("Hello");
    const bodies: string[] = [];
    const provider = connect(upstream, async (request) => {
      if (!isMessage(request)) return undefined;
      const data = (await request.clone().formData()).get("data");
      bodies.push(String(data));
      return bodies.length === 1 ? new Response("", { status }) : undefined;
    });
    const { text } = await provider.generate([
      { role: "system", content: "Be brief" },
      { role: "user", content: "Hello" },
      { role: "assistant", content: "1" },
      { role: "user", content: "And now?" },
    ], { conversation });
    assertEquals([text, bodies.length], ["2", 2]);
    const [first, second] = bodies.map((body) => JSON.parse(body).inputs);
    assertEquals(second, first);
    const created = toRoutes(upstream).filter((route) =>
      route === "POST /conversation"
    );
    assertEquals(created.length, 2);
  });
}

/**
 * What becomes of the answer to a message that the server has stored, and
 * whether it can be found there.
 */
const LOSSES: Readonly<Record<string, readonly [boolean, () => Response]>> = {
  "a status of 500": [false, () => new Response("", { status: 500 })],
  "a status of 502": [false, () => new Response("", { status: 502 })],
  "a status of 408": [false, () => new Response("", { status: 408 })],
  "a connection that is cut": [true, () => {
    throw new TypeError("reset");
  }],
  "an empty body": [true, () => new Response("")],
  "an empty line": [true, () => new Response("\n")],
};

for (const [name, [isFound, lose]] of Object.entries(LOSSES)) {
  Deno.test(`cohereC4aiCommand does not send a message again after ${name} [R02]`, async () => {
    const upstream = createServer();
    const { conversation } = await connect(upstream, () => undefined)
      .generate("Hello");
    let messages = 0;
    const provider = connect(upstream, async (request) => {
      if (!isMessage(request)) return undefined;
      messages++;
      const response = await upstream.fetch(request);
      await response.text();
      return lose();
    });
    const { text, error } = await readAll(
      provider.stream("And now?", { conversation }),
    );
    assertEquals(text, isFound ? "3" : "");
    assertEquals(error === undefined, isFound);
    assertEquals(messages, 1);
    // The server has it once, with the answer that was lost.
    const next = await connect(upstream, () => undefined)
      .generate("Well?", { conversation });
    assertEquals(next.text, "5");
  });
}

Deno.test("cohereC4aiCommand creates and reads again what fails", async () => {
  const upstream = createServer();
  let count = 0;
  const provider = connect(upstream, ({ url }) => {
    count++;
    if (url.endsWith("/conversation") && count === 1) {
      return new Response("", { status: 500 });
    }
    if (url.includes("/api/") && count === 3) {
      return new Response("", { status: 502 });
    }
    return undefined;
  });
  const { text, attempts } = await provider.generate("Hello");
  assertEquals([text, attempts.length], ["1", 3]);
  // What was created in the second attempt serves the third.
  assertEquals(
    toRoutes(upstream).map((route) => route.replace(/[0-9a-f]{24}/, ":id")),
    [
      "POST /conversation",
      "GET /api/conversation/:id",
      "POST /conversation/:id",
    ],
  );
});

Deno.test("cohereC4aiCommand keeps what the server says where it refuses", async () => {
  const { fetch } = createChatUiUpstream({
    models: ["llama"],
    limits: { messageLength: 3 },
  });
  const unknown = await catchError(
    createCohereC4aiCommand({ fetch }).generate("Hello"),
  );
  assertEquals([unknown.code, unknown.body], [
    "invalid-request",
    "Invalid request",
  ]);
  const long = await catchError(
    createCohereC4aiCommand({ fetch, models: ["llama"] }).generate("Hello"),
  );
  assertEquals([long.code, long.body], [
    "invalid-request",
    "Message too long.",
  ]);
});
