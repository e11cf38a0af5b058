import {
  type ChatEvent,
  type Conversation,
  parseConversation,
  type Usage,
} from "../../mod.ts";
import type { Outcome, Tokens } from "./_outcome.ts";

/** Reads what an answer costs. */
export function toTokens(usage: Usage): Tokens {
  const { inputTokens, outputTokens, totalTokens } = usage;
  return { input: inputTokens, output: outputTokens, total: totalTokens };
}

/** Keeps a conversation as a text, and reads it. */
export function toKept(conversation: Conversation): Conversation {
  return parseConversation(JSON.parse(JSON.stringify(conversation)));
}

/** Reads the events of an answer, and notes what they say. */
export class EventReader {
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  add(event: ChatEvent): void {
    const outcome = this.#outcome;
    const { events, problems } = outcome;
    if (events.includes("finish")) problems.push("an event after the end");
    const isAfterEnd = events.some((type) =>
      type === "usage" || type === "conversation"
    );
    if (isAfterEnd && event.type === "text") {
      problems.push("a text after usage");
    }
    events.push(event.type);
    switch (event.type) {
      case "text":
        if (event.text === "") problems.push("an empty text");
        outcome.text += event.text;
        break;
      case "reasoning":
        outcome.thought += event.text;
        break;
      case "warning":
        outcome.warnings.push(event.code);
        break;
      case "restart":
        if (event.discard !== outcome.text.length) {
          problems.push("a restart discards another length");
        }
        outcome.text = outcome.thought = "";
        outcome.title = undefined;
        outcome.reasons.push(event.reason);
        outcome.announced = event.provider;
        break;
      case "route":
        outcome.announced = event.provider;
        break;
      case "title":
        outcome.title = event.title;
        break;
      case "usage":
        outcome.tokens = toTokens(event.usage);
        break;
      case "conversation":
        outcome.next = { conversation: toKept(event.conversation) };
        break;
      case "finish":
        outcome.provider = event.provider;
        outcome.model = event.responseModel;
        outcome.finish = event.reason;
        outcome.text = event.text ?? outcome.text;
        outcome.told = event.attempts?.length;
    }
  }
}
