import { assertEquals, assertRejects } from "@std/assert";
import { type ChatEvent, type Provider, ProviderError } from "../../mod.ts";
import { observe } from "../../telemetry/observe.ts";
import { createParrot, FINISH, hang, toTextEvent } from "../_parrot.ts";

/** Makes a provider that is watched, and what was seen of it. */
function createObserved(
  events: readonly (ChatEvent | Error)[],
): { readonly provider: Provider; readonly seen: readonly unknown[] } {
  const seen: unknown[] = [];
  const { provider } = createParrot({
    async *respond(run) {
      for (const event of events) {
        if (event instanceof Error) throw event;
        yield event;
      }
      if (events.length === 0) await hang(run);
    },
    options: { maxRetries: 0 },
  });
  const observed = observe(provider, () => ({
    start(read) {
      seen.push("start");
      return read();
    },
    add: ({ type }) => void seen.push(type),
    end: (attempts, failure) =>
      void seen.push([
        attempts.length,
        failure === undefined ? "well" : `${failure.error}`,
      ]),
  }));
  return { provider: observed, seen };
}

const ANSWER = [toTextEvent("Good"), toTextEvent(" day"), FINISH];
const SEEN = ["start", "text", "text", "finish", [1, "well"]];

for (
  const [what, read] of [
    ["a loop", async (provider: Provider) => {
      let text = "";
      for await (const event of provider.stream("Hi")) {
        if (event.type === "text") text += event.text;
      }
      return text;
    }],
    [
      "generate()",
      async (provider: Provider) => (await provider.generate("Hi")).text,
    ],
    ["text()", (provider: Provider) => provider.stream("Hi").text()],
    [
      "toResponse()",
      (provider: Provider) => provider.stream("Hi").toResponse().text(),
    ],
  ] as const
) {
  Deno.test(`observe() sees all that ${what} reads`, async () => {
    const { provider, seen } = createObserved(ANSWER);
    assertEquals(await read(provider), "Good day");
    assertEquals(seen, SEEN);
  });
}

Deno.test("observe() keeps all of a very long answer", async () => {
  const long = "x".repeat(3 * 1024 * 1024);
  const { provider } = createObserved([
    toTextEvent(long),
    toTextEvent(long),
    FINISH,
  ]);
  assertEquals((await provider.generate("Hi")).text.length, 2 * long.length);
});

Deno.test("observe() keeps no text where none is wanted", async () => {
  const { provider } = createObserved(ANSWER);
  const stream = provider.stream("Hi");
  await Array.fromAsync(stream.batches({ keepText: false }));
  assertEquals(stream.partial.text, "Good");
});

Deno.test("observe() sees a failure, and its error is whole", async () => {
  const cut = new ProviderError("Cut", { code: "incomplete" });
  const { provider, seen } = createObserved([toTextEvent("Good"), cut]);
  const stream = provider.stream("Hi");
  const error = await assertRejects(() => stream.text(), ProviderError);
  assertEquals([error.partial?.text, stream.partial.text], ["Good", "Good"]);
  assertEquals([error.attempts?.length, stream.attempts.length], [1, 1]);
  assertEquals(seen.length, 3);
});

Deno.test("observe() sees who leaves, and an abort while it waits", async () => {
  const left = createObserved(ANSWER);
  for await (const _event of left.provider.stream("Hi")) break;
  assertEquals(left.seen.at(-1), [1, "well"]);

  const unread = createObserved(ANSWER);
  await unread.provider.stream("Hi").cancel();
  assertEquals(unread.seen, []);

  const waiting = createObserved([]);
  const controller = new AbortController();
  const { signal } = controller;
  const next = waiting.provider.stream("Hi", { signal }).next();
  controller.abort("enough");
  assertEquals(await next.catch((reason) => reason), "enough");
  assertEquals(waiting.seen, ["start", [1, "enough"]]);
});

Deno.test("observe() leaves a provider as it is", () => {
  const { provider } = createObserved([]);
  assertEquals([provider.id, provider.getModel("green")], ["Parrot", "green"]);
});

Deno.test("observe() keeps so much of an answer that is collected", async () => {
  const piece = toTextEvent("x".repeat(1024 * 1024));
  const { provider, seen } = createObserved([...Array(9).fill(piece), FINISH]);
  const error = await assertRejects(
    () => provider.generate("Hi"),
    ProviderError,
    'Cannot stream from "Parrot": answer is larger than 8388608 characters',
  );
  assertEquals(error.code, "too-large");
  assertEquals(error.partial?.text.length, 8 * 1024 * 1024);
  assertEquals(seen.length, 10);
});
