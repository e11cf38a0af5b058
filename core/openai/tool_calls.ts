/**
 * The calls of an answer in the form of OpenAI's chat completions.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { Opaque } from "../chat/tools.ts";
import { type CallPiece, toCallPiece } from "./call_piece.ts";
import { createCallRouter, type RoutedCall } from "./call_router.ts";
import { MAX_CALLS } from "../run/call_collector.ts";
import { tryStringifyJson } from "../streams/json.ts";
import { isList } from "../streams/values.ts";

/** How much is kept of what an upstream wants back, in characters. */
const MAX_OPAQUE = 65_536;

const TOO_LONG: ChatEvent = {
  type: "warning",
  code: "opaque-dropped",
  message: "What the upstream wants back with its calls is too long to keep",
};

/**
 * How long a value is as JSON; what cannot be written is too long, and so is what
 * could not be within an answer: each level is indented, so a thousand are long.
 */
function toLength(value: unknown): number {
  return tryStringifyJson(value, 1)?.length ?? Infinity;
}

/** Reads the calls of one answer. */
export interface CallReader {
  /** Gives what the upstream wants back with the answer. */
  toOpaque(): Opaque | undefined;
  /**
   * Reads the pieces of a chunk.
   *
   * @param pieces What stands where calls do.
   * @param answer Gets what can be shown.
   */
  read(pieces: readonly unknown[], answer: ChatEvent[]): void;
  /**
   * Keeps what a model thought in the form in which its server wants it back.
   *
   * @param details What stands in `reasoning_details`.
   */
  keep(details: unknown): void;
  /**
   * Ends the calls.
   *
   * @param answer Gets those without a name.
   */
  end(answer: ChatEvent[]): void;
}

/**
 * Makes a reader of the calls of one answer.
 *
 * @param run The run.
 */
export function createCallReader(
  run: Pick<RunContext, "randomUuid" | "limits" | "fail" | "tools">,
): CallReader {
  const isTool = (wanted: string) =>
    run.tools.some(({ name }) => name === wanted);
  const router = createCallRouter(isTool);
  /** The ids of the calls that have been shown. */
  const shown = new Map<RoutedCall, string>();
  const ids = new Set<string>();
  /** What is wanted back, and has not been handed on. */
  const extras = new Map<RoutedCall, unknown>();
  const details: unknown[] = [];
  let detailsLength = 0;
  let length = 0;

  /** Two calls may come under one id, or without any. */
  function toId({ id }: RoutedCall): string {
    const unique = id !== "" && !ids.has(id)
      ? id
      : `call_${run.randomUuid().replaceAll("-", "")}`;
    ids.add(unique);
    return unique;
  }

  /** What the upstream wants back with a call, the first time that it is asked. */
  function toOpaque(
    call: RoutedCall,
    answer: ChatEvent[],
  ): { readonly opaque?: Opaque } {
    const extra = extras.get(call);
    if (!extras.delete(call)) return {};
    if (toLength(extra) <= MAX_OPAQUE) {
      return { opaque: { extra_content: extra } };
    }
    answer.push(TOO_LONG);
    return {};
  }

  function show(
    call: RoutedCall,
    { text, opaque }: { readonly text: string; readonly opaque?: Opaque },
    answer: ChatEvent[],
  ): void {
    const id = shown.get(call) ?? toId(call);
    shown.set(call, id);
    answer.push({
      type: "tool-call-delta",
      index: call.position,
      id,
      name: call.name,
      text,
      ...(opaque && { opaque }),
    });
  }

  function readPiece(
    piece: CallPiece,
    before: number,
    answer: ChatEvent[],
  ): void {
    const added = router.add(piece, before);
    // A call is shown, and counted, no sooner than it has a name.
    length += piece.text.length;
    if (length > run.limits.answerLength || router.calls.length > MAX_CALLS) {
      throw run.fail("Calls of the answer are too many, or too long", {
        code: "too-large",
      });
    }
    if (added === undefined) return;
    const { call, news } = added;
    const { extra } = piece;
    if (extra !== undefined) extras.set(call, extra);
    // It is shown once its name is known; then each piece that says anything is.
    if (call.name === "" || (call.length === 0 && !isTool(call.name))) return;
    const isShown = shown.has(call);
    // The first piece comes with all that was said before the name.
    const text = call.isHollow ? "" : isShown ? news : `${call.text}`;
    if (isShown && text === "" && !extras.has(call)) return;
    show(call, { text, ...toOpaque(call, answer) }, answer);
  }

  return {
    toOpaque: () =>
      details.length > 0 && router.calls.length > 0 &&
        detailsLength <= MAX_OPAQUE
        ? { reasoning_details: details }
        : undefined,
    read(pieces, answer) {
      const before = router.calls.length;
      for (const value of pieces) {
        const piece = toCallPiece(value);
        if (piece !== undefined) readPiece(piece, before, answer);
      }
    },
    keep(value) {
      if (!isList(value) || value.length === 0) return;
      if (detailsLength > MAX_OPAQUE) return;
      detailsLength += toLength(value);
      if (detailsLength <= MAX_OPAQUE) details.push(...value);
    },
    end(answer) {
      for (const call of router.calls) {
        const isHeld = call.isHollow || !shown.has(call);
        if (isHeld) show(call, { text: `${call.text}` }, answer);
        call.isHollow = false;
      }
      if (detailsLength > MAX_OPAQUE && router.calls.length > 0) {
        answer.push(TOO_LONG);
      }
    },
  };
}
