/**
 * The state of a conversation that an upstream keeps, as plain JSON. Types only.
 *
 * @module
 */

/**
 * What a later run needs to go on with a conversation, in this process or in
 * another. Plain JSON; it carries session cookies, so store it like a password.
 */
export interface Conversation {
  /** The version of this shape. */
  readonly version: 1;
  /** The id of the provider that it belongs to. */
  readonly provider: string;
  /** The origin that its cookies go back to. */
  readonly origin: string;
  /** The upstream's id of it. */
  readonly id: string;
  /** The model that answers in it. */
  readonly model: string;
  /** The system messages that it was started with. */
  readonly systemPrompt: string;
  /** Session cookies by name. */
  readonly cookies: Readonly<Record<string, string>>;
  /** What the provider itself keeps in it; plain JSON. */
  readonly state?: Readonly<Record<string, unknown>> | undefined;
}
