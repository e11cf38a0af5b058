import { assertEquals } from "@std/assert";
import { createChatUiUpstream } from "../mod.ts";
import { readEvents, Visitor } from "./_chat_ui_visitor.ts";

const BASE = "https://chat.example";

/** An answer that says one token, and then waits for ever. */
async function* hesitate(): AsyncGenerator<string> {
  yield "Well";
  await new Promise(() => {});
}

/** Reads an answer until its first token. */
async function readFirstToken(
  response: Response,
): Promise<ReadableStreamDefaultReader<string> | undefined> {
  const reader = response.body?.pipeThrough(new TextDecoderStream())
    .getReader();
  let text: string | undefined = "";
  while (reader && !text?.includes(`"stream"`)) {
    text = (await reader.read()).value;
  }
  return reader;
}

Deno.test("createChatUiUpstream() ends an answer that is stopped", async () => {
  const upstream = createChatUiUpstream({ answer: hesitate });
  await using server = upstream.serve();
  for (
    const visitor of [
      new Visitor(upstream.fetch, BASE),
      new Visitor(fetch, server.url),
    ]
  ) {
    await visitor.create();
    const response = await visitor.send({ inputs: "Go" });
    const reader = await readFirstToken(response);
    const stop = await visitor.request(`${visitor.path}/stop-generating`, {
      method: "POST",
    });
    assertEquals([stop.status, await stop.text()], [200, ""]);
    let rest = "";
    for (
      let result = await reader?.read();
      !result?.done;
      result = await reader?.read()
    ) {
      rest += result?.value;
    }
    assertEquals(rest.includes("finalAnswer"), false);
    assertEquals((await visitor.readMessages()).at(-1)?.content, "Well");
  }
});

Deno.test("createChatUiUpstream() keeps what it said to a client that left", async () => {
  const visitor = new Visitor(
    createChatUiUpstream({ answer: hesitate }).fetch,
    BASE,
  );
  await visitor.create();
  const reader = await readFirstToken(await visitor.send({ inputs: "Go" }));
  await reader?.cancel();
  await new Promise((resolve) => setTimeout(resolve));

  const [, user, assistant] = await visitor.readMessages();
  assertEquals([user?.content, assistant?.content], ["Go", "Well"]);
});

Deno.test("createChatUiUpstream() keeps the connection alive in silence", async () => {
  const visitor = new Visitor(
    createChatUiUpstream({
      async *answer() {
        await new Promise((resolve) => setTimeout(resolve, 150));
        yield "late";
      },
    }).fetch,
    BASE,
  );
  await visitor.create();
  const events = await readEvents(await visitor.send({ inputs: "Go" }));
  const alive = events.filter(({ status }) => status === "keepAlive");

  assertEquals(alive.length >= 2, true);
  assertEquals(events.at(-1)?.text, "late");
});
