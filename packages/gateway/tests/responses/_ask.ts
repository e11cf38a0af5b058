import { type Gateway, post } from "../_gateway.ts";
import type { Json } from "../_served.ts";

/** Asks a gateway for a response of the parrot. */
export function ask(
  gateway: Gateway,
  fields: Json = {},
  init?: RequestInit,
): Promise<Response> {
  const body = { model: "Parrot/grey", input: "Hello", ...fields };
  return post(gateway, "/v1/responses", body, init);
}
