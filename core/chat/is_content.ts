/**
 * What an answer is made of.
 *
 * @module
 */

/**
 * Whether an event shows a part of the answer itself.
 *
 * @param event The event.
 */
export function isContent({ type }: { readonly type: string }): boolean {
  return type === "text" || type === "reasoning" || type === "image" ||
    type === "tool-call-delta";
}
