/**
 * What a chat-ui server knows of a conversation.
 *
 * @module
 */

import { validate } from "@std/uuid/common";
import * as z from "zod/mini";
import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { isProviderError } from "../chat/errors.ts";
import { once } from "../chat/option_schemas.ts";
import { findError } from "../http/find_error.ts";
import { toStreamFailure } from "../http/stream_failure.ts";
import { parseJson } from "../streams/json.ts";
import { createJsonLineDecoder } from "../streams/json_lines.ts";
import { isObject } from "../streams/values.ts";
import { isStored } from "./conversation.ts";

const toApiAnswer = /* @__PURE__ */ once(() =>
  z.object({
    json: z.object({
      messages: z.array(z.object({ id: z.string() })),
      rootMessageId: z.nullish(z.string()),
    }),
  })
);

/** The line of a page; what else a node holds depends on its type. */
const toPageLine = /* @__PURE__ */ once(() =>
  z.object({
    type: z.string(),
    nodes: z.nullish(
      z.array(z.nullable(z.looseObject({ type: z.string() }))),
    ),
  })
);

const toErrorNode = /* @__PURE__ */ once(() =>
  z.object({ status: z.number() })
);

const toDataNode = /* @__PURE__ */ once(() =>
  z.object({ data: z.array(z.unknown()) })
);

/** Fails as the page does, although its own status is 200. */
function toNodeError(run: RunContext, node: unknown): Error {
  const status = toErrorNode().safeParse(node).data?.status ?? 500;
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

/** Wants the id of a message. */
function toMessageId(run: RunContext, id: unknown): string {
  if (typeof id === "string" && validate(id)) return id;
  throw toShapeError(run);
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
  return toMessageId(run, id);
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
  const { data: answer } = toApiAnswer().safeParse(await response.json());
  if (answer === undefined) throw toShapeError(run);
  const { messages, rootMessageId } = answer.json;
  return toMessageId(run, messages.at(-1)?.id ?? rootMessageId);
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
  const { data: line } = toPageLine().safeParse(
    await readFirstLine(run, response),
  );
  if (line === undefined) throw toShapeError(run);
  const nodes = line.nodes ?? [];
  if ([line, ...nodes].some((node) => node?.type === "redirect")) {
    throw run.fail("Server wants a login", { code: "authentication" });
  }
  if (line.type !== "data") throw toShapeError(run);
  const failed = nodes.find((node) => node?.type === "error");
  if (failed) throw toNodeError(run, failed);
  const page = nodes[1];
  if (page === null) {
    return await fetchLastMessageFromApi(run, conversationId, headers);
  }
  const { data: node } = toDataNode().safeParse(page);
  if (node === undefined) throw toShapeError(run);
  return findLastMessage(run, node.data);
}
