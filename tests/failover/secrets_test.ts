import { assert, assertEquals, assertRejects } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import {
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  parseConversation,
  ProviderError,
} from "../../mod.ts";
import { createChatUiUpstream } from "@parley/testing";

const KEY = "sk-topsecret-quux";
const HEADER = "session-of-mine-zulu";
const PROMPT = "my bank account is 12345678";
// Their parts are no hexadecimal digits: ids that are shown may have any.
const SECRETS = [KEY, HEADER, PROMPT, "12345678", "quux", "zulu"];

/** Writes down all that a log could show of a value. */
function show(value: unknown): string {
  const options = { depth: 50, showHidden: true, strAbbreviateSize: 1e6 };
  const error = value instanceof Error
    ? `${value.message}\n${value.stack}\n${show(value.cause)}`
    : "";
  return `${error}\n${Deno.inspect(value, options)}\n${JSON.stringify(value)}`;
}

function assertHidden(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    assert(!text.includes(secret), `It shows "${secret}"`);
  }
}

/** A server that repeats all that it is sent, and fails. */
async function repeat(
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init);
  const words = [...request.headers.values(), await request.text()].join(" ");
  return Response.json({ error: { message: `No: ${words}` } }, { status: 400 });
}

Deno.test("no error of a failover tells a key, a header or a prompt", async () => {
  const options = {
    fetch: repeat,
    apiKey: KEY,
    headers: { "x-session": HEADER },
    maxRetries: 0,
  };
  const failover = createFailover([
    {
      provider: createAmigoChat({
        ...options,
        fetch: () => Promise.reject(new TypeError(`${KEY} ${PROMPT}`)),
      }),
    },
    createAutonomousAi(options),
    createAmigoChat(options),
  ]);
  assertHidden(show(failover), SECRETS);
  const stream = failover.stream(PROMPT);
  const error = await assertRejects(() => stream.text(), ProviderError);
  assertEquals(error.attempts?.length, 3);
  assertHidden(show(error), SECRETS);
  assertHidden(show(stream), SECRETS);
  assertHidden(show(stream.attempts), SECRETS);
});

Deno.test("no printed conversation of a failover tells a cookie or what was said", async () => {
  const { fetch } = createChatUiUpstream({ answer: () => "top secret answer" });
  const failover = createFailover([createCohereC4aiCommand({ fetch })]);
  const { conversation } = await failover.generate(PROMPT);
  const stored = JSON.stringify(conversation);
  const cookie = /"hf-chat":"([^"]+)"/.exec(stored)?.[1] ?? "";
  assert(cookie !== "" && stored.includes(PROMPT));
  const secrets = [...SECRETS, cookie, "top secret answer"];
  for (
    const value of [conversation, parseConversation(JSON.parse(stored))]
  ) {
    assertHidden(Deno.inspect(value, { depth: 50 }), secrets);
  }
});

Deno.test("no error about a stored conversation tells what is in it", async () => {
  const { fetch } = createChatUiUpstream();
  const failover = createFailover([createCohereC4aiCommand({ fetch })]);
  const { conversation } = await failover.generate(PROMPT);
  if (conversation === undefined) throw new Error();
  const state = { ...conversation.state, parts: { A: PROMPT, B: KEY } };
  const error = await assertRejects(
    () => failover.generate("Hi", { conversation: { ...conversation, state } }),
    ProviderError,
  );
  assertHidden(show(error), SECRETS);
});
