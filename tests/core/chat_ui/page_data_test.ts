import { assertArrayIncludes, assertEquals, assertRejects } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { CONVERSATION_ID, createScriptedChatUi } from "../../_chat_ui.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly body: string;
    readonly httpStatus?: number;
    readonly contentType?: string;
    readonly id?: string;
    readonly error?: string;
    readonly status?: number;
  }[];
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  "protocol": ["bad-response"],
  "truncated": ["incomplete"],
  "auth": ["authentication"],
  "conversation-not-found": ["conversation-expired", "not-found"],
  "upstream": ["upstream"],
};

const { cases } = await readVectors<Vectors>("page_data");
const POST = `POST /conversation/${CONVERSATION_ID}`;

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "first-line-complete-second-line-cut": " [T14]",
  "content-with-newlines-and-u2028": " [F17]",
  "messages-behind-a-promise": " [C10]",
  "messages-is-a-string": " [C10]",
  "id-is-empty": " [C09] [C10]",
  "error-node-403": " [C07]",
  "error-in-layout-node": " [C07]",
  "redirect": " [C07]",
  "redirect-to-foreign-origin": " [C07]",
  "html-with-200": " [C15]",
  "array-instead-of-object": " [C10]",
  "nodes-missing": " [C10]",
  "data-not-an-array": " [C10]",
  "data-empty-array": " [C10]",
  "data-is-minus-one": " [C10]",
  "index-out-of-range": " [C10]",
  "index-is-a-string": " [C10]",
  "self-reference": " [C10]",
  "superjson-api-v2": " [C10]",
};

for (const { name, body, httpStatus, contentType, ...expected } of cases) {
  Deno.test(`cohereC4aiCommand reads page data: ${name}${FAULTS[name] ?? ""}`, async () => {
    const { provider, requests } = createScriptedChatUi({
      pageData: () =>
        new Response(body, {
          status: httpStatus ?? 200,
          headers: { "content-type": contentType ?? "application/json" },
        }),
    }, { maxRetries: 0 });
    const run = () => provider.generate("Hi");
    if (expected.id !== undefined) {
      await run();
      const sent = requests.find(({ route }) => route === POST);
      assertEquals(JSON.parse(String(sent?.body)).id, expected.id);
      return;
    }
    const { code, status } = await assertRejects(run, ProviderError);
    assertArrayIncludes(CODES[expected.error ?? ""] ?? [], [code]);
    if (expected.status !== undefined) assertEquals(status, expected.status);
    assertEquals(requests.some(({ route }) => route === POST), false);
  });
}

Deno.test("cohereC4aiCommand reads page data, then a node of null elsewhere", async () => {
  const { provider, requests } = createScriptedChatUi({
    pageData: () => new Response('{"type":"data","nodes":[null,null]}\n'),
  });
  // The script answers this path with an answer, not with what is expected.
  const error = await assertRejects(
    () => provider.generate("Hi"),
    ProviderError,
  );
  assertEquals(error.code, "bad-response");
  assertEquals(
    requests.at(-1)?.route,
    `GET /api/v2/conversations/${CONVERSATION_ID}`,
  );
});
