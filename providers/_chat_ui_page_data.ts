/**
 * What a chat-ui server knows of a conversation.
 *
 * @module
 */

import type { RunContext, UpstreamResponse } from "../core/definition.ts";
import { parseJson } from "../core/json.ts";
import { JsonLineDecoder } from "../core/json_lines.ts";
import {
  isNumber,
  isObject,
  isString,
  list,
  nullish,
  object,
  type ShapeOf,
} from "../core/shape.ts";

const hasId = /* @__PURE__ */ object({ id: isString });
const hasMessages = /* @__PURE__ */ object({
  messages: /* @__PURE__ */ list(hasId),
});
const isApiAnswer = /* @__PURE__ */ object({
  json: (json: unknown): json is {
    readonly messages: readonly { readonly id: string }[];
    readonly rootMessageId?: string | null;
  } => hasMessages(json) && object({ rootMessageId: nullish(isString) })(json),
});
/** A node of SvelteKit page data that holds what `devalue` has flattened. */
const isDataNode = /* @__PURE__ */ object({
  data: list((_item): _item is unknown => true),
});
const isErrorNode = /* @__PURE__ */ object({
  type: (type: unknown): type is "error" => type === "error",
  status: nullish(isNumber),
  error: nullish(object({ message: nullish(isString) })),
});

/** Fails as the page does, although its own status is 200. */
function toNodeError(
  run: RunContext,
  node: ShapeOf<typeof isErrorNode>,
): Error {
  const { error } = node;
  const status = node.status ?? 500;
  const isStored = run.conversation?.id === run.givenConversation?.id;
  const code = isStored && status === 403
    ? "conversation-expired"
    : status === 404
    ? "not-found"
    : status === 401 || status === 403
    ? "authentication"
    : "upstream";
  return run.fail(code, "Conversation cannot be read", error?.message ?? "", {
    status,
  });
}

function toShapeError(run: RunContext): Error {
  return run.fail(
    "bad-response",
    "Conversation cannot be read: the server is of an unknown version",
  );
}

/** Reads the first line only: others hold what the page shows later. */
async function readFirstLine(
  run: RunContext,
  response: UpstreamResponse,
): Promise<unknown> {
  const lines = response.decode(new JsonLineDecoder(run.limits));
  for await (const [line = ""] of lines) return parseJson(line);
  return parseJson("");
}

/**
 * Finds the last message in a page that `devalue` has flattened: each value is
 * in a list, and objects and arrays hold the places of others in it. The
 * package itself would be a tenth of a bundled provider.
 */
function findLastMessage(
  run: RunContext,
  values: readonly unknown[],
): string {
  const at = (index: unknown): unknown =>
    typeof index === "number" ? values[index] : undefined;
  const [page] = values;
  const messages = at(isObject(page) ? page.messages : undefined);
  const last = Array.isArray(messages) ? at(messages.at(-1)) : undefined;
  const id = at(isObject(last) ? last.id : undefined);
  if (!isString(id) || id === "") throw toShapeError(run);
  return id;
}

/** Reads the last message from a server newer than June 2025. */
async function fetchLastMessageFromApi(
  run: RunContext,
  conversationId: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const path = `/api/v2/conversations/${conversationId}`;
  const response = await run.get(path, { headers });
  const answer = await response.json();
  const { messages, rootMessageId } = isApiAnswer(answer)
    ? answer.json
    : { messages: [], rootMessageId: "" };
  const last = messages.at(-1)?.id ?? rootMessageId;
  if (!last) throw toShapeError(run);
  return last;
}

/**
 * Asks for the id of the last message of a conversation, which is the parent of
 * the next one.
 *
 * @param run The run.
 * @param conversationId The id of the conversation.
 * @param headers Headers with its cookies.
 */
export async function fetchLastMessage(
  run: RunContext,
  conversationId: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await run.get(
    `/conversation/${conversationId}/__data.json?x-sveltekit-invalidated=01`,
    { headers },
  );
  const line = await readFirstLine(run, response);
  const { type, nodes } = isObject(line) ? line : {};
  if (type === "redirect") {
    throw run.fail("authentication", "Server wants a login");
  }
  if (type !== "data" || !Array.isArray(nodes)) throw toShapeError(run);
  const failed: unknown = nodes.find(isErrorNode);
  if (isErrorNode(failed)) throw toNodeError(run, failed);
  const page: unknown = nodes[1];
  if (page === null) {
    return await fetchLastMessageFromApi(run, conversationId, headers);
  }
  if (!isDataNode(page)) throw toShapeError(run);
  return findLastMessage(run, page.data);
}
