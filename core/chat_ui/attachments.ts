/**
 * What an answer of a chat-ui server holds besides text.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ImageEvent, SourceEvent, WarningEvent } from "../chat/events.ts";
import { toImage } from "../run/images.ts";
import { LazyImage } from "../run/lazy_image.ts";
import type { SourceReader } from "../run/sources.ts";
import { isFilled, isList, isObject, isString } from "../streams/values.ts";

/** One update: a line of an answer, an event of its log, or a stored one. */
export type Update = Readonly<Record<string, unknown>>;

/** Fetches a file that the server keeps for a conversation. */
export type FetchFile = (
  path: string,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Where files come from. */
export interface FileOptions {
  /** What the pictures of the answer show. */
  readonly prompt: string;
  /** The path below which the server gives them. */
  readonly filePath: string;
  /** Fetches a file. */
  readonly fetchFile: FetchFile;
}

/** Where files come from, and what reads sources. */
export interface AttachmentOptions extends FileOptions {
  /** Finds the sources that are new. */
  readonly readSources: SourceReader;
}

/** A picture, a source, or the warning that something else is left out. */
export type Attachment = ImageEvent | SourceEvent | WarningEvent;

function toWarning(what: string, name: unknown): WarningEvent {
  const shown = String(name).replace(/[^\w/.+-]/g, "").slice(0, 40);
  return {
    type: "warning",
    code: "ignored-event",
    message: `${what} of type "${shown}" are ignored`,
  };
}

function toList(value: unknown): readonly Update[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** A file that stays on the server until somebody wants it. */
function readFile(
  run: RunContext,
  { type, sha, mime }: Update,
  { prompt, filePath, fetchFile }: AttachmentOptions,
): Attachment[] {
  // The hash becomes part of a path.
  if (!isString(mime) || !isString(sha) || !/^\w{1,200}$/.test(sha)) {
    return [toWarning("Events", type)];
  }
  if (!mime.startsWith("image/")) return [toWarning("Files", mime)];
  const path = `${filePath}/${sha}`;
  const image = new LazyImage({ url: run.baseUrl + path }, {
    prompt,
    maxBytes: run.limits.imageBytes,
    download: (_url, signal) => fetchFile(path, signal),
  });
  return [{ type: "image", image }];
}

/** Finds the pictures that a tool of the server gave. */
function readToolResult(
  run: RunContext,
  { result }: Update,
  { prompt }: AttachmentOptions,
): Attachment[] {
  const outputs = isObject(result) ? toList(result.outputs) : [];
  return outputs.flatMap(({ content }) => toList(content))
    .flatMap(({ type, data }) =>
      type === "image" && isFilled(data)
        ? [{ type, image: toImage(run, { base64: data, prompt }) }]
        : []
    );
}

/**
 * Finds what an update holds besides text.
 *
 * @param run The run.
 * @param update The update.
 * @param options Where files come from.
 */
export function readAttachments(
  run: RunContext,
  update: Update,
  options: AttachmentOptions,
): readonly Attachment[] {
  switch (update.type) {
    case "file":
      return readFile(run, update, options);
    case "tool":
      return readToolResult(run, update, options);
    case "finalAnswer":
      return options.readSources(update.webSources);
    case "webSearch":
      if (update.subtype === "sources") {
        return options.readSources(update.sources);
      }
  }
  return [toWarning("Events", update.type)];
}
