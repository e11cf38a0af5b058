// Promise 12: a conversation moves on only where a run ends well.
import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { type Conversation, parseConversation } from "../../mod.ts";
import { TestBody } from "../_body.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { CHAT_UI, PROVIDERS, toAnswer, toConversation } from "./_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  answerWithBody,
  ScriptedFetch,
  toResponse,
} from "./_scripted_fetch.ts";

const STORED: Conversation = parseConversation(
  toConversation(CHAT_UI, { "hf-chat": "old" }),
);

/** Answers with a new cookie. */
function answerWithCookie(body: BodyInit, cookie: string): ScriptedFetch {
  return new ScriptedFetch(() => {
    const response = toResponse(CHAT_UI, body);
    response.headers.append("set-cookie", cookie);
    return response;
  });
}

for (const provider of PROVIDERS) {
  const count = provider === CHAT_UI ? 1 : 0;

  Deno.test(`${provider.name} tells of a conversation just before it finishes`, async () => {
    const { fetch } = answerWith(provider, toAnswer(provider));
    const { events } = await readAll(provider.create({ fetch }).stream("Hi"));
    const types = events.map(({ type }) => type);
    assertEquals(types.filter((type) => type === "conversation").length, count);
    if (count > 0) {
      assertEquals(types.slice(-2), ["conversation", "finish"]);
    }
  });

  Deno.test(`${provider.name} tells of no conversation where it fails [C12]`, async () => {
    for (
      const body of [
        new TestBody([provider.beginning], new TypeError("reset")),
        new TestBody([provider.beginning + provider.failure]),
      ]
    ) {
      const { fetch } = answerWithBody(provider, body);
      const { events, error } = await readAll(
        provider.create({ fetch }).stream("Hi"),
      );
      assert(error !== undefined);
      assert(events.every(({ type }) => type !== "conversation"));
    }
  });

  Deno.test(`${provider.name} answers a second turn from the stored JSON`, async () => {
    const first = answerWith(provider, toAnswer(provider));
    const { conversation } = await provider.create({ fetch: first.fetch })
      .generate("Hi");
    const stored = JSON.stringify({ conversation });
    const second = answerWith(provider, toAnswer(provider));
    const { text } = await provider.create({ fetch: second.fetch })
      .generate("And?", JSON.parse(stored));
    assertEquals(text, provider.text);
    assertEquals(second.requests.length, 1 + count);
  });
}

Deno.test("A conversation that was passed does not change [C03] [C12]", async () => {
  const before = JSON.stringify(STORED);
  const good = answerWithCookie(toAnswer(CHAT_UI), "hf-chat=new; Path=/");
  const result = await CHAT_UI.create({ fetch: good.fetch })
    .generate("Hi", { conversation: STORED });
  assertEquals(result.conversation?.cookies, { "hf-chat": "new" });
  assertNotStrictEquals(result.conversation, STORED);
  const bad = answerWithCookie("{", "hf-chat=new; Path=/");
  await catchError(
    CHAT_UI.create({ fetch: bad.fetch }).generate("Hi", {
      conversation: STORED,
    }),
  );
  assertEquals(JSON.stringify(STORED), before);
});

Deno.test("The cookies of a conversation go to each of its requests", async () => {
  const network = answerWith(CHAT_UI, toAnswer(CHAT_UI));
  await CHAT_UI.create({ fetch: network.fetch })
    .generate("Hi", { conversation: STORED });
  assertEquals(
    network.requests.map(({ headers }) => headers.get("cookie")),
    ["hf-chat=old", "hf-chat=old"],
  );
});

Deno.test("The cookies of a conversation go to no other origin [C01] [C13]", async () => {
  for (
    const baseUrl of [
      "https://another.example",
      "http://cohereforai-c4ai-command.hf.space",
      "https://cohereforai-c4ai-command.hf.space:8443",
    ]
  ) {
    const network = answerWith(CHAT_UI, toAnswer(CHAT_UI));
    const instance = CHAT_UI.create({ fetch: network.fetch, baseUrl });
    const error = await catchError(
      instance.generate("Hi", { conversation: STORED }),
    );
    assertEquals([error.code, network.requests], ["invalid-request", []]);
  }
});

Deno.test("Cookies that are not the server's own are left out [C01]", async () => {
  for (
    const cookie of [
      "a=1; Domain=another.example",
      "a=1; Path=/elsewhere",
      "a=1; Max-Age=0",
      "a b=1",
    ]
  ) {
    const network = answerWithCookie(toAnswer(CHAT_UI), cookie);
    const { conversation } = await CHAT_UI.create({ fetch: network.fetch })
      .generate("Hi", { conversation: STORED });
    assertEquals(conversation?.cookies, { "hf-chat": "old" }, cookie);
  }
});

Deno.test("A conversation that is gone is not replaced in silence [C06] [S04]", async () => {
  const gone: readonly ((count: number) => Response)[] = [
    () => new Response("{}", { status: 404 }),
    () => Response.json(toErrorNode(404)),
    () => Response.json(toErrorNode(403)),
  ];
  for (const first of gone) {
    const network = new ScriptedFetch(() => new Response());
    network.first = first;
    const error = await catchError(
      CHAT_UI.create({ fetch: network.fetch, clock: new FakeClock() })
        .generate("Hi", { conversation: STORED }),
    );
    assertEquals(error.code, "conversation-expired");
    assertEquals(network.requests.length, 1);
  }
  const network = new ScriptedFetch(() => new Response("{}", { status: 404 }));
  const error = await catchError(
    CHAT_UI.create({ fetch: network.fetch })
      .generate("Hi", { conversation: STORED }),
  );
  assertEquals(error.code, "conversation-expired");
  assertEquals(network.requests.length, 2);
});

function toErrorNode(status: number): unknown {
  const node = { type: "error", error: { message: "gone" }, status };
  return { type: "data", nodes: [null, node] };
}

Deno.test("A conversation has one run at a time [C11]", async () => {
  const body = new TestBody([CHAT_UI.beginning], "hang");
  const network = answerWithBody(CHAT_UI, body);
  const instance = CHAT_UI.create({
    fetch: network.fetch,
    clock: new FakeClock(),
  });
  const stream = instance.stream("Hi", { conversation: STORED });
  await stream.next();
  const error = await catchError(
    instance.generate("And?", { conversation: STORED }),
  );
  assertEquals([error.code, network.answers.length], ["conflict", 1]);
  await stream.return();
});
