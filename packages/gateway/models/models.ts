/**
 * `GET /v1/models`
 *
 * @module
 */

import type { Handler } from "hono";
import type { Provider } from "@parley/chat";
import type { ModelAbilities } from "./abilities.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { toJsonResponse } from "../http/json_response.ts";
import { ModelName, parseBody } from "../http/request_fields.ts";
import type { ModelCatalog, ModelEntry } from "./model_catalog.ts";

type ChatSetting = Provider["settings"][number];

/** The settings of a run by the names that OpenAI gives them. */
const PARAMETERS: Readonly<Record<ChatSetting, readonly string[]>> = {
  // Every answer of a gateway can be a stream.
  stream: [],
  temperature: ["temperature"],
  topP: ["top_p"],
  maxTokens: ["max_tokens", "max_completion_tokens"],
  frequencyPenalty: ["frequency_penalty"],
  presencePenalty: ["presence_penalty"],
  stop: ["stop"],
  seed: ["seed"],
  reasoningEffort: ["reasoning_effort"],
  parallelToolCalls: ["parallel_tool_calls"],
};

/** Lists what has an effect; other routers name the list so, too. */
function toParameters(
  { settings, toolSupport, outputSupport }: ModelAbilities,
): readonly string[] {
  return [
    ...settings.flatMap((setting) => PARAMETERS[setting]),
    ...toolSupport === "none" ? [] : ["tools", "tool_choice"],
    ...outputSupport === "none" ? [] : ["response_format"],
  ];
}

/** Writes a model as OpenAI does. When it was made is not known. */
function toModel({ id, owner, makesImages, abilities }: ModelEntry) {
  return {
    id,
    object: "model",
    created: 0,
    owned_by: owner,
    input_modalities: abilities.acceptsImages ? ["text", "image"] : ["text"],
    output_modalities: [makesImages ? "image" : "text"],
    tool_support: abilities.toolSupport,
    output_support: abilities.outputSupport,
    supported_parameters: toParameters(abilities),
  };
}

/**
 * Makes the handler that lists all models.
 *
 * @param catalog The models.
 * @returns The handler.
 */
export function createModelListHandler(
  catalog: ModelCatalog,
): Handler<GatewayEnvironment> {
  return async ({ var: { lifetime } }) => {
    const entries = await catalog.list(lifetime.signal);
    return toJsonResponse({ object: "list", data: entries.map(toModel) });
  };
}

/**
 * Makes the handler that describes one model, by any of its names.
 *
 * @param catalog The models.
 * @returns The handler, for a path with the parameter `id`.
 */
export function createModelHandler(
  catalog: ModelCatalog,
): Handler<GatewayEnvironment> {
  return (context) => {
    const name = parseBody(ModelName, context.req.param("id"), ["model"]);
    return Response.json(toModel(catalog.find(name)));
  };
}
