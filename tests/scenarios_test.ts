import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  type Provider,
  type ProviderOptions,
} from "../mod.ts";
import {
  type Ending,
  readAll,
} from "../packages/testing/conformance/ending.ts";
import { NO_TIMEOUTS } from "../packages/testing/conformance/waiting.ts";
import { type RawRequest, RawServer } from "./_raw_server.ts";
import {
  AI_CHATS_OUTCOMES,
  AMIGO_CHAT_OUTCOMES,
  AUTONOMOUS_AI_OUTCOMES,
  CHAT_UI_OUTCOMES,
  type Outcome,
} from "./_scenario_outcomes.ts";
import {
  AI_CHATS_REQUESTS,
  AMIGO_CHAT_REQUESTS,
  AUTONOMOUS_AI_REQUESTS,
  CHAT_UI_REQUESTS,
  type Sent,
  toSent,
} from "./_scenario_requests.ts";
import { readScenarios, type Scenario, toHandler } from "./_scenarios.ts";

/** A clock on which waits take a fiftieth of their time. */
const HASTY_CLOCK = {
  now: () => performance.now() * 50,
  setTimeout: (callback: () => void, ms: number) =>
    setTimeout(callback, ms / 50),
  clearTimeout: (timer: unknown) => clearTimeout(timer as number),
};

function checkSuccess(
  { events, text }: Ending,
  outcome: Outcome,
  base: string,
): void {
  const finish = events.at(-1);
  assert(finish?.type === "finish");
  assertEquals(finish.reason, outcome.finish ?? "stop");
  assertEquals(text, outcome.streamed ?? outcome.text);
  assertEquals(finish.text ?? text, outcome.text);
  const titles = events.flatMap((event) =>
    event.type === "title" ? event.title : []
  );
  assertEquals(titles, outcome.title === undefined ? [] : [outcome.title]);
  const warnings = events.flatMap((event) =>
    event.type === "warning" ? event.code : []
  );
  assertEquals(warnings, outcome.warnings ?? []);
  const images = events.flatMap((event) =>
    event.type === "image" ? event.image.url ?? "bytes" : []
  );
  assertEquals(
    images,
    (outcome.images ?? []).map((url) => url.replace("{BASE}", base)),
  );
}

function checkFailure({ text, error }: Ending, outcome: Outcome): void {
  assertEquals(error?.code, outcome.code);
  assertEquals(error?.partial?.text, outcome.text);
  assertEquals(error?.retryAfter, outcome.retryAfter);
  assertEquals(text, outcome.text);
}

interface Suite {
  readonly file: string;
  readonly create: (options: ProviderOptions) => Provider;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly requests: Readonly<Record<string, readonly Sent[]>>;
  /** Looks at the headers of all requests that go to the provider. */
  readonly checkHeaders: (
    requests: readonly RawRequest[],
    base: string,
  ) => void;
}

function checkUserAgent(requests: readonly RawRequest[]): void {
  for (const { headers } of requests) {
    assertMatch(headers.get("user-agent") ?? "", /^Mozilla\/5\.0 \(/);
  }
}

const SUITES: readonly Suite[] = [{
  file: "chat_ui",
  create: createCohereC4aiCommand,
  outcomes: CHAT_UI_OUTCOMES,
  requests: CHAT_UI_REQUESTS,
  checkHeaders: (requests, base) => {
    for (const { method, path, headers } of requests) {
      assertEquals(headers.get("origin"), base);
      assertEquals(headers.get("referer"), `${base}/`);
      assertEquals(headers.get("accept"), "*/*");
      assert(headers.has("accept-language"));
      if (method === "GET") {
        assertMatch(path, /\?x-sveltekit-invalidated=[01]1$/);
      }
    }
  },
}, {
  file: "autonomous_ai",
  create: createAutonomousAi,
  outcomes: AUTONOMOUS_AI_OUTCOMES,
  requests: AUTONOMOUS_AI_REQUESTS,
  checkHeaders: (requests) => {
    for (const { headers } of requests) {
      assertEquals(headers.get("country-code"), "US");
      assertEquals(headers.get("time-zone"), "America/New_York");
      assertEquals(headers.get("origin"), "https://www.autonomous.ai");
      assertEquals(headers.get("referer"), "https://www.autonomous.ai/");
      assertEquals(headers.get("accept"), "*/*");
    }
  },
}, {
  file: "amigo_chat",
  create: createAmigoChat,
  outcomes: AMIGO_CHAT_OUTCOMES,
  requests: AMIGO_CHAT_REQUESTS,
  checkHeaders: (requests) => {
    const devices = requests.map(({ headers }) => headers.get("x-device-uuid"));
    assertEquals(new Set(devices).size, requests.length);
    for (const { path, headers, body } of requests) {
      const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
      assertMatch(headers.get("x-device-uuid") ?? "", uuid);
      if (path.includes("chat")) assertMatch(JSON.parse(body).chatId, uuid);
      assertEquals(headers.get("x-device-language"), "en-US");
      assertEquals(headers.get("x-device-platform"), "web");
      assertEquals(headers.get("x-device-version"), "1.0.45");
      assertEquals(headers.get("origin"), "https://amigochat.io/chat/");
      assertEquals(headers.get("referer"), "https://amigochat.io/chat//");
    }
  },
}, {
  file: "ai_chats",
  create: createAiChats,
  outcomes: AI_CHATS_OUTCOMES,
  requests: AI_CHATS_REQUESTS,
  checkHeaders: (requests, base) => {
    for (const { method, headers, body } of requests) {
      if (method === "GET") continue;
      const page = JSON.parse(body).type;
      assertEquals(headers.get("origin"), base);
      assertEquals(headers.get("referer"), `${base}/${page}/`);
      assertEquals(
        headers.get("accept"),
        "application/json, text/event-stream",
      );
    }
  },
}];

async function play(suite: Suite, id: string, scenario: Scenario) {
  const outcome = suite.outcomes[id];
  assert(outcome !== undefined, `No outcome of "${id}"`);
  await using server = new RawServer(toHandler(scenario));
  let ending: Ending | undefined;
  for (const call of scenario.calls) {
    const provider = suite.create({
      baseUrl: server.origin,
      allowPrivateUrls: true,
      apiKey: call.apiKey,
      clock: HASTY_CLOCK,
      // Silence is not what is tested here.
      timeouts: NO_TIMEOUTS,
    });
    const previous = ending?.events.find(({ type }) => type === "conversation");
    const conversation = previous?.type === "conversation" && call.continues
      ? previous.conversation
      : undefined;
    assertEquals(conversation !== undefined, call.continues === true);
    const { messages, model, options } = call;
    ending = await readAll(
      provider.stream(messages, { ...options, model, conversation }),
    );
  }
  assert(ending !== undefined);
  if (outcome.code !== undefined) checkFailure(ending, outcome);
  else if (ending.error !== undefined) throw ending.error;
  else checkSuccess(ending, outcome, server.origin);
  // What servers of that time have not, nor answer with more than 404.
  const requests = server.requests.filter(({ method, path }) =>
    method !== "PATCH" && !/\/api\/conversation\/|\/stream\b/.test(path)
  );
  assertEquals(requests.length, outcome.requests);
  assertEquals(
    await Promise.all(requests.map(toSent)),
    suite.requests[id] ?? suite.requests.usual,
  );
  checkUserAgent(requests);
  suite.checkHeaders(requests, server.origin);
}

for (const suite of SUITES) {
  const scenarios = await readScenarios(suite.file);
  Deno.test(`scenarios of ${suite.file}: every outcome has its scenario`, () => {
    assertEquals(Object.keys(suite.outcomes), Object.keys(scenarios));
  });
  for (const [id, scenario] of Object.entries(scenarios)) {
    Deno.test(`scenario ${id}`, () => play(suite, id, scenario));
  }
}
