/**
 * The text of an answer as a chat-ui server has it in the end.
 *
 * @module
 */

import { createTagSplitter } from "../streams/tag_splitter.ts";

/** What a model thinks stands between these. */
export const TAGS = { open: "<think>", close: "</think>" };

/**
 * Leaves out what tokens are padded with, so that their lengths show nothing to
 * who listens.
 *
 * @param text A token, or more of them.
 */
export function unpad(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "") : text;
}

/**
 * Leaves out what a model thinks.
 *
 * @param text Its text, with what it thinks in tags.
 */
export function toAnswerText(text: string): string {
  const pieces: string[] = [];
  const splitter = createTagSplitter(TAGS);
  const keep = (piece: string, isInside: boolean) => {
    if (!isInside) pieces.push(piece);
  };
  splitter.push(text, keep);
  splitter.end(keep);
  return pieces.join("");
}

/**
 * Joins the text of several rounds, as the server does before it stores it.
 *
 * @param streamed What came of all of them.
 * @param last The text of the last one.
 */
export function joinRounds(streamed: string, last: string): string {
  if (streamed.endsWith(last)) return streamed;
  if (last.startsWith(streamed)) return last;
  const hasGap = streamed.endsWith("\n\n") || last.startsWith("\n");
  return `${streamed}${hasGap ? "" : "\n\n"}${last}`;
}
