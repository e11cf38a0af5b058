// What routes are asked with.
import { assertEquals } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import { createAiChats } from "../../mod.ts";
import { FakeClock } from "../../testing/mod.ts";
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
