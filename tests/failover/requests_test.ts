// What routes are asked with.
import { assertEquals, assertRejects } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import {
  type ChatStream,
  createAiChats,
  createAmigoChat,
  type GeneratedImage,
  type ImageEvent,
  type Provider,
  ProviderError,
} from "../../mod.ts";
import { createAmigoChatUpstream, FakeClock } from "@parley/testing";
import { createActor } from "./_actors.ts";

Deno.test("createFailover() gives every route the settings and headers of a run", async () => {
  const requests: Request[] = [];
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    requests.push(new Request(input, init));
    return Promise.resolve(
      new Response("data: Hi\n\n", {
        status: requests.length === 1 ? 503 : 200,
      }),
    );
  };
  const routes = ["https://one.example", "https://two.example"].map((baseUrl) =>
    createAiChats({ baseUrl, fetch, maxRetries: 0 })
  );
  const { warnings } = await createFailover(routes).generate("Hello", {
    headers: { "x-trace": "7" },
    temperature: 0.5,
  });
  assertEquals(requests.map(({ headers }) => headers.get("x-trace")), [
    "7",
    "7",
  ]);
  // Of a setting that is not carried, the one who answers warns.
  assertEquals(warnings.map(({ code }) => code), ["unsupported-setting"]);
});

Deno.test("createFailover() gives every route headers that can be read once", async () => {
  const sent: (string | null)[] = [];
  const routes = ["https://one.example", "https://two.example"].map((baseUrl) =>
    createAiChats({
      baseUrl,
      maxRetries: 0,
      fetch(_input, init) {
        sent.push(new Headers(init?.headers).get("x-trace"));
        return Promise.resolve(new Response(null, { status: 503 }));
      },
    })
  );
  const headers = new Map([["x-trace", "7"]]).entries();
  await assertRejects(
    () => createFailover(routes).generate("Hello", { headers }),
    ProviderError,
  );
  assertEquals(sent, ["7", "7"]);
});

Deno.test("createFailover() asks on where a route cannot take a picture", async () => {
  const clock = new FakeClock();
  const a = createActor("A", [["A"]], { clock });
  const b = createActor("B", [["B"]], {
    clock,
    definition: { acceptsImages: true },
  });
  const failover = createFailover([a.provider, b.provider], { clock });
  const image = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
  const { text, attempts, conversation } = await failover.generate([{
    role: "user",
    content: [{ type: "image", image, mediaType: "image/png" }],
  }]);
  assertEquals([text, a.runs.length], ["B", 0]);
  assertEquals(attempts.length, 1);
  // The picture goes on with the chat.
  const next = await failover.generate("And now?", { conversation });
  assertEquals([next.text, b.runs[1]?.messages.length], ["B", 3]);
});

Deno.test("createFailover() keeps no text where none is wanted, nor do its routes", async () => {
  for (
    const [keepText, kept] of [[true, "Good day"], [false, "Good"]] as const
  ) {
    const clock = new FakeClock();
    const { provider } = createActor("A", [["Good", " day"]], { clock });
    const streams: ChatStream[] = [];
    const route: Provider = {
      ...provider,
      stream(input, options) {
        const stream = provider.stream(input, options);
        streams.push(stream);
        return stream;
      },
    };
    const stream = createFailover([route], { clock }).stream("Hi");
    streams.push(stream);
    const events = (await Array.fromAsync(stream.batches({ keepText }))).flat();
    assertEquals(streams.map(({ partial }) => partial.text), [kept, kept]);
    // It would hold the text.
    assertEquals(events.some(({ type }) => type === "conversation"), keepText);
  }
});

Deno.test("createFailover() rejects with what a program throws, as a failure of its route", async () => {
  const clock = new FakeClock();
  const cause = new TypeError("x is undefined");
  const broken = createActor("A", [[]], {
    clock,
    definition: {
      respond() {
        throw cause;
      },
    },
  });
  const b = createActor("B", [["B"]], { clock });
  const failover = createFailover([broken.provider, b.provider], { clock });
  const { text, attempts } = await failover.generate("Hi");
  assertEquals([text, attempts[0]?.code], ["B", "bad-response"]);
  assertEquals(attempts.length, 2);
});

Deno.test("createFailover() has a picture drawn by who can", async () => {
  const clock = new FakeClock();
  const writer = createActor("A", [["A"]], { clock });
  const { fetch, requests } = createAmigoChatUpstream();
  const failover = createFailover([
    writer.provider,
    createAmigoChat({
      clock,
      maxRetries: 0,
      fetch: () => Promise.resolve(new Response(null, { status: 503 })),
    }),
    createAmigoChat({ clock, fetch }),
  ], { clock, hedgeAfter: 1 });
  const { images, text, provider, model, attempts, conversation } =
    await failover.generate("A cat", { model: "dall-e-3" });
  assertEquals([images.length, text], [1, ""]);
  assertEquals([provider, model], ["AmigoChat", "dall-e-3"]);
  assertEquals(attempts.map(({ code }) => code), ["upstream", undefined]);
  assertEquals([writer.runs.length, requests.length > 0], [0, true]);
  // What was drawn is not told to those who write.
  assertEquals(conversation?.state?.messages, [
    { role: "user", content: "A cat" },
  ]);
});

/** A picture that nobody looks at. */
function createImage(prompt: string): GeneratedImage {
  return {
    prompt,
    bytes: () => Promise.resolve(new Uint8Array()),
    base64: () => Promise.resolve(""),
    dataUrl: () => Promise.resolve(""),
    toJSON: () => ({ prompt }),
  };
}

for (const onPartial of ["restart", "match", "hold"] as const) {
  Deno.test(`createFailover() shows no picture twice (${onPartial})`, async () => {
    const clock = new FakeClock();
    const toEvent = (prompt: string): ImageEvent => ({
      type: "image",
      image: createImage(prompt),
    });
    const broken = [toEvent("old"), { code: "incomplete" }] as const;
    const a = createActor("A", [broken], { clock });
    const b = createActor("B", [[toEvent("fresh")]], { clock });
    const failover = createFailover([a.provider, b.provider], {
      clock,
      onPartial,
    });
    const stream = failover.stream("Hi");
    if (onPartial === "match") {
      // Pictures cannot be compared.
      const error = await assertRejects(() => stream.text(), ProviderError);
      assertEquals(error.code, "incomplete");
      assertEquals(stream.partial.images.length, 1);
      return;
    }
    const { images } = await stream.result();
    assertEquals(images.map(({ prompt }) => prompt), ["fresh"]);
  });
}
