import {
  createFaultyUpstream,
  createOpenAiUpstream,
  createUpstream,
} from "@parley/testing";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { runExample, serveExample } from "./_run_example.ts";

const ANSWER = "The Rhine, the Aare and the Rhône";

Deno.test("examples/script.ts writes the answer", async () => {
  const upstream = createOpenAiUpstream({
    apiKey: "secret",
    answer: () => ANSWER,
  });
  await using server = upstream.serve();
  const environment = {
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: "secret",
  };
  const args = ["Name", "three", "rivers"];
  const whole = await runExample("script", { environment, args });
  assertEquals(whole, { code: 0, output: `${ANSWER}\n`, errors: "" });
  assert(upstream.requests[0]?.body.includes("Name three rivers"));

  const refused = await runExample("script", {
    environment: { ...environment, OPENAI_API_KEY: "other" },
  });
  assertEquals(refused.code, 1);
  assertMatch(refused.errors, /^\n.*status is 401.* \(authentication\)\n$/);
});

Deno.test(
  "examples/failover.ts gives one whole answer of three providers",
  async () => {
    const answer = { answer: () => ANSWER };
    await using openAi = await createFaultyUpstream(
      createOpenAiUpstream(answer),
      { faults: [{ type: "reset", after: { events: 3 } }] },
    ).serve();
    await using groq = createUpstream(() => new Response(null, { status: 503 }))
      .serve();
    await using ollama = createOpenAiUpstream({
      ...answer,
      models: ["llama3.2"],
    }).serve();
    const { code, output, errors } = await runExample("failover", {
      environment: {
        OPENAI_BASE_URL: `${openAi.url}/v1`,
        GROQ_BASE_URL: `${groq.url}/v1`,
        OLLAMA_BASE_URL: `${ollama.url}/v1`,
        OPENAI_API_KEY: "one",
        GROQ_API_KEY: "other",
      },
    });
    assertEquals({ code, errors }, { code: 0, errors: "" });
    const lines = output.trimEnd().split("\n");
    assertEquals(lines[0], ANSWER);
    assertMatch(lines[1] ?? "", /^\(by llama3\.2, attempt \d\)$/);
    const restart = lines.indexOf("ollama begins anew");
    assertEquals(lines[2], "openai answers");
    assertMatch(lines[restart - 1] ?? "", /^[1-9]\d* characters are void: \w/);
    const shown = lines.slice(restart + 1, -1).map((line) => JSON.parse(line));
    assertEquals(shown.join(""), ANSWER);
    assertEquals(lines.at(-1), "ended: stop");
  },
);

Deno.test("examples/edge.ts is a gateway", async () => {
  await using openAi = createOpenAiUpstream({ answer: () => ANSWER }).serve();
  await using groq = createUpstream(() => new Response(null, { status: 503 }))
    .serve();
  await using server = await serveExample("edge", {
    environment: {
      OPENAI_BASE_URL: `${openAi.url}/v1`,
      GROQ_BASE_URL: `${groq.url}/v1`,
      OPENAI_API_KEY: "one",
      GROQ_API_KEY: "other",
      GATEWAY_KEYS: "ours,yours",
      CONVERSATION_KEY: "thirty-two characters or more ...",
    },
  });
  const ask = (key: string) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "authorization": `Bearer ${key}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        model: "fast",
        messages: [{ role: "user", content: "Name three rivers" }],
      }),
    });
  const { model, choices } = await (await ask("yours")).json();
  assertEquals(model, "openai/gpt-4o-mini");
  assertEquals(choices[0].message.content, ANSWER);
  const refused = await ask("theirs");
  assertEquals(refused.status, 401);
  await refused.body?.cancel();
  const page = await fetch(`${server.url}/`);
  assertMatch(await page.text(), /<title>Parley<\/title>/);
});

Deno.test("examples/chat_page.ts is the page over one model", async () => {
  const upstream = createOpenAiUpstream({ answer: () => ANSWER });
  await using openAi = upstream.serve();
  await using server = await serveExample("chat_page", {
    environment: {
      OPENAI_BASE_URL: `${openAi.url}/v1`,
      OPENAI_API_KEY: "one",
    },
  });
  const page = await fetch(server.url);
  assertMatch(await page.text(), /<title>Parley<\/title>/);
  const models = await (await fetch(`${server.url}/v1/models`)).json();
  const [{ id: model }] = models.data;
  assertEquals(model, "gpt-4o-mini");
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: "Name three rivers" }],
    }),
  });
  const { choices } = await response.json();
  assertEquals(choices[0].message.content, ANSWER);
});
