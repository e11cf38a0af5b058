import { assertEquals, assertRejects } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import { type Health, probe, probeRoutes } from "../../health/mod.ts";
import { createOpenAiCompatible, ProviderError } from "../../mod.ts";
import { FakeClock } from "../../packages/testing/fake_clock.ts";
import { createParrot, FINISH, hang, toTextEvent } from "../_parrot.ts";

/** Probes a server that answers like this. */
async function probeServer(
  answer: () => Response | Promise<Response>,
): Promise<Health> {
  return await probe(createOpenAiCompatible({
    baseUrl: "https://a.example/v1",
    defaultModel: "small",
    fetch: () => Promise.resolve().then(answer),
  }));
}

const fail = (status: number, message: string) => () =>
  Response.json({ error: { message } }, { status });
const say = (message: object, reason = "stop") => () =>
  Response.json({ choices: [{ message, finish_reason: reason }] });
const page = { "content-type": "text/html" };

for (
  const [what, answer, verdict] of [
    ["answers", say({ content: "yes" }), "ok"],
    ["thinks until its tokens are used up", say({}, "length"), "ok"],
    ["wants to be asked less", fail(429, "slow down"), "rate-limited"],
    ["refuses the key", fail(401, "Incorrect API key"), "key-refused"],
    ["wants a login", fail(401, "You must be logged in"), "login-wall"],
    [
      "leads to a login",
      () => Response.redirect("https://a.example/login"),
      "login-wall",
    ],
    ["is not there", fail(404, "Not found"), "gone"],
    ["has no such model", fail(404, "The model does not exist"), "gone"],
    ["is not reached", () => Promise.reject(new TypeError("refused")), "gone"],
    ["fails", fail(503, "Down"), "failing"],
    [
      "sends a page",
      () => new Response("<!doctype html>", { headers: page }),
      "changed",
    ],
    ["refuses what is sent", fail(400, "Unknown field"), "changed"],
    ["says nothing", say({ content: "" }), "changed"],
  ] as const
) {
  Deno.test(`probe() tells of a server that ${what}: ${verdict}`, async () => {
    const health = await probeServer(answer);
    assertEquals(health.verdict, verdict, health.reason);
    assertEquals(
      health.error === undefined,
      verdict === "ok" ||
        health.reason === "Answer is empty",
    );
  });
}

Deno.test("probe() asks once, for little, and leaves at the first content", async () => {
  const { provider, requests } = createParrot({
    async *respond(run) {
      await run.post("/say", { json: run.settings });
      yield toTextEvent("y");
      yield toTextEvent("es");
      yield FINISH;
    },
    answer: () => new Response("{}"),
    definition: { settings: ["maxTokens"] },
  });
  assertEquals((await probe(provider)).verdict, "ok");
  assertEquals(await requests[0]?.json(), { maxTokens: 16 });
  assertEquals(requests[0]?.signal.aborted, true);

  const down = createParrot({
    respond() {
      throw new ProviderError("Down", { code: "upstream", retryable: true });
    },
  });
  const { error } = await probe(down.provider);
  assertEquals(error?.attempts?.length, 1);
});

Deno.test("probe() tells of a server that is slow, or says nothing for long", async () => {
  for (const ms of [4_000, 6_000, 40_000]) {
    const { provider, clock } = createParrot({
      async *respond(run) {
        const wait = new Promise<void>((resolve) =>
          clock.setTimeout(resolve, ms)
        );
        await Promise.race([wait, hang(run)]);
        yield toTextEvent("yes");
        yield FINISH;
      },
    });
    const { verdict } = await clock.skipWaits(probe(provider, { clock }));
    assertEquals(verdict, ms < 5_000 ? "ok" : "slow");
  }
});

Deno.test("probe() rejects with the reason of an abort, and knows its models", async () => {
  const { provider } = createParrot({
    async *respond(run) {
      yield await hang(run);
    },
  });
  const signal = AbortSignal.abort("enough");
  const reason = await probe(provider, { signal }).catch((reason) => reason);
  assertEquals(reason, "enough");
  await assertRejects(() => probe(provider, { model: "red" }), ProviderError);
});

Deno.test("probeRoutes() asks each route of a failover once", async () => {
  const clock = new FakeClock();
  const asked: string[] = [];
  const { provider } = createParrot({
    async *respond({ model }) {
      asked.push(model);
      if (model === "green") {
        throw new ProviderError("No", { code: "authentication" });
      }
      yield toTextEvent("yes");
      yield FINISH;
    },
  });
  const grey = { provider, model: "grey" };
  const green = { provider, model: "green" };
  const failover = createFailover({ a: [grey, green], b: [green, grey] });
  const found = await probeRoutes(failover, { clock });
  assertEquals(asked, ["grey", "green"]);
  assertEquals(found.map(({ model, verdict }) => [model, verdict]), [
    ["grey", "ok"],
    ["green", "key-refused"],
  ]);
});
