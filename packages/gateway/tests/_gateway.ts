import { createGateway, type GatewayOptions } from "../mod.ts";
import { toSseEvents } from "@parley/chat";
import type { ProviderDefinition } from "@parley/chat/provider";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { createParrot, FINISH, toTextEvent } from "../../../tests/_parrot.ts";

/** A gateway, as it is served. */
export type Gateway = (request: Request) => Promise<Response>;

/** A chunk of a stream. */
export interface Chunk {
  readonly id: string;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: Readonly<Record<string, unknown>>;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: unknown;
  readonly restart?: unknown;
  readonly conversation?: string;
  readonly warnings?: unknown;
}

/** An error in the shape of OpenAI's. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** What a parrot says, where a test does not care. */
export const ANSWER: readonly ChatEvent[] = [
  toTextEvent("Good"),
  toTextEvent(" day"),
  FINISH,
];

/** Makes a gateway without keys. */
export function open(options: GatewayOptions): Gateway {
  return createGateway({ allowAnonymous: true, ...options });
}

/** Makes a gateway over one provider that responds as a test says. */
export function createParrotGateway(
  respond: ProviderDefinition["respond"],
  { definition, ...options }: GatewayOptions & {
    readonly definition?: Partial<ProviderDefinition>;
  } = {},
): Gateway {
  const { provider } = createParrot({
    respond,
    ...(definition && { definition }),
    options: { maxRetries: 0 },
  });
  return open({ providers: [provider], ...options });
}

/** Makes a gateway over a provider that says these events, all at once. */
export function say(
  events: readonly ChatEvent[],
  options?: GatewayOptions & {
    readonly definition?: Partial<ProviderDefinition>;
  },
): Gateway {
  return createParrotGateway(async function* () {
    yield events;
  }, options);
}

/** Sends JSON to a gateway. */
export function post(
  gateway: Gateway,
  path: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  return gateway(
    new Request(`http://localhost${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    }),
  );
}

/** Asks a gateway for something. */
export function get(gateway: Gateway, path: string): Promise<Response> {
  return gateway(new Request(`http://localhost${path}`));
}

/** Asks a gateway for a chat completion of the parrot. */
export function ask(
  gateway: Gateway,
  body: Readonly<Record<string, unknown>> = {},
  init?: RequestInit,
): Promise<Response> {
  const messages = [{ role: "user", content: "Hello" }];
  return post(
    gateway,
    "/v1/chat/completions",
    { model: "Parrot/grey", messages, ...body },
    init,
  );
}

/** The pieces of data of a stream, with their type where they have one. */
export async function readEvents(
  { body }: Response,
): Promise<readonly (readonly [event: string, data: string])[]> {
  if (body === null) return [];
  const events = await Array.fromAsync(toSseEvents(body));
  return events.map(({ event, data }) => [event, data]);
}

/** The chunks of a stream that is whole. */
export async function readChunks(
  response: Response,
): Promise<readonly Chunk[]> {
  const events = await readEvents(response);
  if (events.at(-1)?.[1] !== "[DONE]") throw new Error("Stream is not whole");
  return events.slice(0, -1).map(([, data]) => JSON.parse(data));
}

/** The text of chunks. */
export function joinChunks(chunks: readonly Chunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
}

/** The error of a response. */
export async function readError(
  response: Response,
): Promise<ErrorBody["error"]> {
  const { error }: ErrorBody = await response.json();
  return error;
}
