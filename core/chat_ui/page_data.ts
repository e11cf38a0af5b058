/**
 * What a chat-ui server knows of a conversation.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { isProviderError } from "../chat/errors.ts";
import { findError } from "../http/find_error.ts";
import { toStreamFailure } from "../http/stream_failure.ts";
import { parseJson } from "../streams/json.ts";
import { createJsonLineDecoder } from "../streams/json_lines.ts";
import {
  isNumber,
  isObject,
  isString,
  list,
  nullish,
  object,
  type ShapeOf,
} from "../streams/values.ts";
import { isStored } from "./conversation.ts";

const isMessageList = /* @__PURE__ */ list(
  /* @__PURE__ */ object({ id: isString }),
);
const isApiAnswer = /* @__PURE__ */ object({
  json: /* @__PURE__ */ object({
    messages: isMessageList,
    rootMessageId: /* @__PURE__ */ nullish(isString),
  }),
});
const isErrorNode = /* @__PURE__ */ object({
  type: (type: unknown): type is "error" => type === "error",
  status: /* @__PURE__ */ nullish(isNumber),
});

/** Fails as the page does, although its own status is 200. */
function toNodeError(
  run: RunContext,
  node: ShapeOf<typeof isErrorNode>,
): Error {
  const status = node.status ?? 500;
  const words = findError(node)?.message;
  // A page says so as well where the session that it belongs to is over.
  const code = status === 404 || (status === 403 && isStored(run))
    ? "not-found"
    : status === 401 || status === 403
    ? "authentication"
    : "upstream";
  return run.fail("Conversation cannot be read", { code, words, status });
}

function toShapeError(run: RunContext): Error {
  return run.fail(
    "Conversation cannot be read: the server is of an unknown version",
    { code: "bad-response" },
  );
}

/** Reads the first line only: others hold what the page shows later. */
async function readFirstLine(
  run: RunContext,
  response: UpstreamResponse,
): Promise<unknown> {
  const lines = response.decode(createJsonLineDecoder(run.limits));
  try {
    for await (const [line = ""] of lines) return parseJson(line);
    return parseJson("");
  } catch (error) {
    throw toStreamFailure(error);
  }
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
  const response = await run.get(path, { headers }).catch((error) => {
    // Here the status itself says that a session is over.
    const isGone = isProviderError(error) && error.status === 403 &&
      isStored(run);
    throw isGone
      ? run.fail("Conversation cannot be read", {
        code: "not-found",
        status: 403,
      })
      : error;
  });
  const answer = await response.json();
  if (!isApiAnswer(answer)) throw toShapeError(run);
  const { messages, rootMessageId } = answer.json;
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
  const isLogin = (node: unknown) => isObject(node) && node.type === "redirect";
  if (isLogin(line) || (Array.isArray(nodes) && nodes.some(isLogin))) {
    throw run.fail("Server wants a login", { code: "authentication" });
  }
  if (type !== "data" || !Array.isArray(nodes)) throw toShapeError(run);
  const failed = nodes.find(isErrorNode);
  if (failed !== undefined) throw toNodeError(run, failed);
  const page: unknown = nodes[1];
  if (page === null) {
    return await fetchLastMessageFromApi(run, conversationId, headers);
  }
  if (!isObject(page) || !Array.isArray(page.data)) throw toShapeError(run);
  return findLastMessage(run, page.data);
}
