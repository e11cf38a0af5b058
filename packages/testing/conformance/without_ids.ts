import type { ChatEvent } from "@parley/chat";

/** Leaves out of an event what is new with each answer: its ids. */
export function withoutIds(event: ChatEvent): ChatEvent {
  if (event.type !== "finish") return event;
  const { responseId: _response, requestId: _request, ...same } = event;
  return same;
}
