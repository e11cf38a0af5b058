/**
 * A request, as the model that is asked can take it.
 *
 * @module
 */

import type { ChatOptions, Message, Warning } from "@parley/chat";
import { toPath } from "@parley/chat/provider";
import { restoreCallMakers } from "./call_makers.ts";
import { refuseParameter } from "../http/request_fields.ts";
import type { ServedModel } from "../models/model_catalog.ts";
import type { ChatRequest } from "./chat_request.ts";
import { toIgnoredWarning } from "./ignored_fields.ts";

/** What a model is asked. */
export interface FittedRequest {
  /** The messages. */
  readonly messages: readonly Message[];
  /** The settings. */
  readonly options: ChatOptions;
  /** What has no effect. */
  readonly warnings: readonly Warning[];
}

/** Where a message has to do with tools. */
function findToolField(message: Message): string | undefined {
  if (message.role === "tool") return "role";
  const hasCalls = message.role === "assistant" && message.toolCalls;
  return hasCalls ? "tool_calls" : undefined;
}

function refuseTools(param: string): never {
  throw refuseParameter(param, "Model does not call tools");
}

/**
 * Fits a request to the model that is asked.
 *
 * @param request The request.
 * @param served The model.
 * @throws {Refusal} If the model cannot give an answer of that shape, with
 * status 400.
 */
export function fitRequest(
  { messages, settings, passed, warnings }: ChatRequest,
  { owner: provider, model, isFailover, answerers, abilities }: ServedModel,
): FittedRequest {
  const { toolSupport, outputSupport, takesExtraBody } = abilities;
  if (settings.output !== undefined && outputSupport === "none") {
    throw refuseParameter(
      "response_format",
      "Model does not answer with objects",
    );
  }
  const canCall = toolSupport === "native";
  if (!canCall) {
    const { tools = [], toolChoice } = settings;
    // With the choice "none" they change nothing.
    if (tools.length > 0 && toolChoice !== "none") refuseTools("tools");
    for (const [index, message] of messages.entries()) {
      const field = findToolField(message);
      if (field !== undefined) refuseTools(toPath(["messages", index, field]));
    }
  }
  const isPassed = takesExtraBody && Object.keys(passed).length > 0;
  const left = takesExtraBody ? [] : Object.keys(passed);
  return {
    // Who asks one provider sends back what that one has made.
    messages: isFailover
      ? restoreCallMakers(messages, answerers)
      : messages.map((message) =>
        message.role === "assistant" && message.toolCalls
          ? { ...message, provider, model }
          : message
      ),
    options: {
      ...settings,
      ...(!canCall && { tools: undefined, toolChoice: undefined }),
      ...(isPassed && { extraBody: passed }),
    },
    warnings: [...warnings, ...left.map(toIgnoredWarning)],
  };
}
