/**
 * The data of a page, from which a browser reads a conversation.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { custom, nullish, object, parse } from "../chat/zod.ts";
import { findError } from "../http/find_error.ts";
import { toStreamFailure } from "../http/stream_failure.ts";
import { parseJson } from "../streams/json.ts";
import { createJsonLineDecoder } from "../streams/json_lines.ts";
import { once } from "../streams/once.ts";
import { isList, isNumber, isObject, isString } from "../streams/values.ts";
import { isStored } from "./conversation.ts";
import { isMessageId, type StoredChat } from "./stored_message.ts";

/** A part of a page; what else it holds depends on its type. */
interface PageNode {
  readonly type: string;
  readonly status?: unknown;
  readonly data?: unknown;
}

function isNode(node: unknown): node is PageNode | null {
  return node === null || (isObject(node) && isString(node.type));
}

/** The line of a page. */
const toPageLine = /* @__PURE__ */ once(() =>
  object({
    type: custom<string>(isString),
    nodes: nullish((nodes): nodes is readonly (PageNode | null)[] =>
      isList(nodes) && nodes.every(isNode)
    ),
  })
);

/** Fails as the page does, although its own status is 200. */
function toNodeError(run: RunContext, node: PageNode): Error {
  const status = isNumber(node.status) ? node.status : 500;
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
): Omit<StoredChat, "source"> {
  const at = (index: unknown): unknown =>
    typeof index === "number" ? values[index] : undefined;
  const [page] = values;
  const fields = isObject(page) ? page : {};
  const messages = at(fields.messages);
  const last = isList(messages) ? at(messages.at(-1)) : undefined;
  const id = at(isObject(last) ? last.id : undefined);
  if (!isMessageId(id)) throw toShapeError(run);
  const model = at(fields.model);
  return {
    model: typeof model === "string" ? model : undefined,
    messages: [{ id }],
  };
}

/**
 * Asks for the data of the page of a conversation.
 *
 * @param run The run.
 * @param conversationId The id of the conversation.
 * @param headers Headers with its cookies.
 * @returns The last message; nothing where the pages of this server have no
 * data.
 */
export async function fetchPage(
  run: RunContext,
  conversationId: string,
  headers: Readonly<Record<string, string>>,
): Promise<Omit<StoredChat, "source"> | undefined> {
  const response = await run.get(
    `/conversation/${conversationId}/__data.json?x-sveltekit-invalidated=01`,
    { headers },
  );
  const line = parse(toPageLine(), await readFirstLine(run, response));
  if (line === undefined) throw toShapeError(run);
  const nodes = line.nodes ?? [];
  if ([line, ...nodes].some((node) => node?.type === "redirect")) {
    throw run.fail("Server wants a login", { code: "authentication" });
  }
  if (line.type !== "data") throw toShapeError(run);
  const failed = nodes.find((node) => node?.type === "error");
  if (failed) throw toNodeError(run, failed);
  const page = nodes[1];
  if (page === null) return undefined;
  if (!isList(page?.data)) throw toShapeError(run);
  return findLastMessage(run, page.data);
}
