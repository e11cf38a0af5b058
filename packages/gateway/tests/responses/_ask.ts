import { assertEquals } from "@std/assert";
import { type Gateway, post, readEvents } from "../_gateway.ts";
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

/** The events of a stream; each is named as its data is. */
export async function readStream(response: Response): Promise<readonly Json[]> {
  const events = await readEvents(response);
  return events.map(([event, data], index) => {
    const json = JSON.parse(data);
    assertEquals([json.type, json.sequence_number], [event, index]);
    return json;
  });
}
