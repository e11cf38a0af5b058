/**
 * `GET /v1/models`
 *
 * @module
 */

import type { Handler } from "hono";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import type { ModelCatalog, ModelEntry } from "./model_catalog.ts";

/** Writes a model as OpenAI does. When it was made is not known. */
function toModel({ id, owner, makesImages }: ModelEntry) {
  return {
    id,
    object: "model",
    created: 0,
    owned_by: owner,
    output_modalities: [makesImages ? "image" : "text"],
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
    return Response.json({ object: "list", data: entries.map(toModel) });
  };
}

/**
 * Makes the handler that tells of one model, by any of its names.
 *
 * @param catalog The models.
 * @returns The handler, for a path with the parameter `id`.
 */
export function createModelHandler(
  catalog: ModelCatalog,
): Handler<GatewayEnvironment> {
  return (context) =>
    Response.json(toModel(catalog.find(context.req.param("id") ?? "")));
}
