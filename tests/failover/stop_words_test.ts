// Stop words, and tags, in an answer of which several routes say a part.
import { assertEquals } from "@std/assert";
import type { ProviderDefinition } from "../../core/provider.ts";
import { createFailover, type OnPartial } from "../../failover/mod.ts";
import {
  type ChatEvent,
  type Conversation,
  createOpenAiCompatible,
  parseConversation,
  type Provider,
} from "../../mod.ts";
import { readAll } from "../../packages/testing/conformance/ending.ts";
import { FakeClock } from "@parley/testing";
import { createActor, createStage, type Step } from "./_actors.ts";

const STOP = { stop: ["STOP", "OPEN"], enforceStop: true } as const;
const MODES: readonly OnPartial[] = [
  "restart",
  "match",
  "continue",
  "hold",
  "error",
];
const WHOLE = "Once upon a time STOP and more";
const CUT = { code: "incomplete" } as const;
const CALL: ChatEvent = {
  type: "tool-call-delta",
  index: 0,
  id: "call-0",
  name: "look",
  text: "{}",
};

/** Plays a failover once, and says what its caller has in the end. */
async function read(
  scripts: readonly (readonly Step[])[],
  { onPartial, definition, wrap = (provider) => provider }: {
    onPartial: OnPartial;
    definition?: Partial<ProviderDefinition>;
    wrap?: (provider: Provider) => Provider;
  },
) {
  const { failover, actors, clock, settle } = createStage(
    scripts,
    { onPartial, breaker: { failures: 1 } },
    [],
    definition,
  );
  const { events, error } = await settle(
    readAll(wrap(failover).stream("Tell me", STOP)),
  );
  let text = "";
  let conversation: Conversation | undefined;
  for (const event of events) {
    if (event.type === "text") text += event.text;
    else if (event.type === "conversation") ({ conversation } = event);
    else if (event.type === "restart") {
      assertEquals(event.discard, text.length);
      text = "";
    }
  }
  assertEquals(actors.map(({ open }) => open), actors.map(() => 0));
  assertEquals(clock.timers, 0);
  const finish = events.findLast((event) => event.type === "finish");
  return { text, events, error, finish, conversation, actors };
}

/** What a route says that breaks off after so many characters. */
function toCut(length: number): readonly Step[] {
  const start = Math.max(0, length - 3);
  return [WHOLE.slice(0, start), WHOLE.slice(start, length), CUT];
}

/** What the next route says: the rest, which may begin with what was said. */
function toRest(onPartial: OnPartial, length: number): readonly Step[] {
  if (onPartial !== "continue") return [...WHOLE];
  return [WHOLE.slice(length, length + 2), WHOLE.slice(length + 2)]
    .filter((piece) => piece !== "");
}

const NESTED: Readonly<Record<string, (provider: Provider) => Provider>> = {
  alone: (provider) => provider,
  "as a route": (provider) => createFailover([provider], { id: "Outer" }),
  "as a route of one that compares": (provider) =>
    createFailover([provider], { id: "Outer", onPartial: "match" }),
};

Deno.test("a stop word cuts an answer wherever a route breaks off", async () => {
  for (const onPartial of MODES) {
    for (const [place, wrap] of Object.entries(NESTED)) {
      for (const keepsChats of [false, true]) {
        for (const length of [5, 16, 17, 18, 19, 20, 21, 25]) {
          const what = `${onPartial}, ${place}, ${keepsChats}, ${length}`;
          const { text, finish, error, conversation } = await read(
            [toCut(length), toRest(onPartial, length)],
            {
              onPartial,
              wrap,
              definition: keepsChats ? { parseConversation } : {},
            },
          );
          const isRead = keepsChats && !place.endsWith("compares");
          if (onPartial === "error" && (length < 21 || isRead)) {
            const shown = WHOLE.slice(0, length < 21 ? length : 17);
            assertEquals([text, error?.code], [shown, "incomplete"], what);
            continue;
          }
          assertEquals([text, finish?.reason], [
            "Once upon a time ",
            "stop",
          ], what);
          assertEquals(conversation?.state?.messages, [
            { role: "user", content: "Tell me" },
            { role: "assistant", content: "Once upon a time " },
          ], what);
        }
      }
    }
  }
});

Deno.test("what was held for a stop word is shown where no route is left", async () => {
  for (const onPartial of ["match", "continue"] as const) {
    for (const scripts of [[toCut(19)], [toCut(19), [CUT]]]) {
      const { text, error } = await read(scripts, { onPartial });
      assertEquals([text, error?.partial?.text, error?.code], [
        "Once upon a time ST",
        "Once upon a time ST",
        "incomplete",
      ]);
    }
    const { text } = await read([toCut(19), toCut(20)], {
      onPartial: "match",
    });
    assertEquals(text, "Once upon a time STO");
  }
});

Deno.test("an answer that is cut ends though its route goes on, fails or calls a tool", async () => {
  for (const onPartial of ["match", "continue"] as const) {
    for (const keepsChats of [false, true]) {
      for (
        const rest of [[CUT], [" more", CUT], [CALL], [" more", 5, CALL], [
          CALL,
          CUT,
        ]]
      ) {
        const { text, events, finish, actors } = await read(
          [["Once STOP", ...rest], ["Once upon"]],
          {
            onPartial,
            definition: {
              ...(keepsChats && { parseConversation }),
              toolSupport: "native",
            },
          },
        );
        assertEquals([text, finish?.reason, finish?.provider], [
          "Once ",
          "stop",
          "A",
        ]);
        assertEquals(events.filter(({ type }) => type === "tool-call"), []);
        // It is asked nothing more, and nobody is asked in its place.
        assertEquals(actors.map(({ runs }) => runs.length), [1, 0]);
        assertEquals(actors.map(({ left }) => left), [keepsChats ? 0 : 1, 0]);
      }
    }
  }
});

Deno.test("an answer that is cut has not failed where the route has not", async () => {
  const { finish } = await read([
    [{ type: "reasoning", text: "Hm" }, CUT],
    ["Once STOP"],
  ], { onPartial: "match" });
  assertEquals(finish?.attempts?.map(({ code }) => code), [
    "incomplete",
    undefined,
  ]);
});

Deno.test("onPartial continue does not go on with half a tag", async () => {
  const clock = new FakeClock();
  const chunk = JSON.stringify({
    choices: [{ delta: { content: "Once <th" } }],
  });
  const failures = [
    "",
    'data: {"error":{"message":"No"}}\n\n',
    'data: {"choices":[{"finish_reason":"error"}]}\n\ndata: [DONE]\n\n',
    "data: what is no chunk\n\ndata: [DONE]\n\n",
  ];
  for (const end of failures) {
    const a = createOpenAiCompatible({
      baseUrl: "https://a.example/v1",
      models: ["a"],
      reasoningTags: true,
      maxRetries: 0,
      clock,
      fetch: () => Promise.resolve(new Response(`data: ${chunk}\n\n${end}`)),
    });
    const b = createActor("B", [["Once upon a time"]], { clock });
    const failover = createFailover([a, b.provider], {
      clock,
      onPartial: "continue",
    });
    assertEquals((await failover.generate("Hi")).text, "Once upon a time");
  }
});
