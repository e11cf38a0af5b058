/** What the gateway tells of an error besides its words. */
interface ErrorDetails {
  readonly code?: string;
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
}

/** A refusal of the gateway, or a way to it that is broken. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  /** What kind of error it is. */
  readonly code: string;
  /** The status of the answer; 0 where there is none. */
  readonly status: number;
  /** Seconds to wait. */
  readonly retryAfter: number | undefined;

  /**
   * @param message A sentence for people.
   * @param details What the gateway tells.
   */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = details.code ?? "";
    this.status = details.status ?? 0;
    this.retryAfter = details.retryAfter;
  }

  /** Whether the chat, as it is, is more than the gateway or the model takes. */
  get isTooLarge(): boolean {
    return this.status === 413 ||
      ["request_too_large", "too_large", "context_length_exceeded"]
        .includes(this.code);
  }
}

/** What the gateway says of an error. */
export interface ErrorBody {
  /** The error. */
  readonly error?: {
    readonly message?: unknown;
    readonly code?: unknown;
    readonly type?: unknown;
  };
}

/**
 * Reads an error of the gateway.
 *
 * @param body What it says.
 * @param details What its headers tell.
 * @returns The error.
 */
export function toGatewayError(
  { error = {} }: ErrorBody,
  details: ErrorDetails = {},
): GatewayError {
  const message = typeof error.message === "string" && error.message !== ""
    ? error.message
    : `The gateway answered with status ${details.status ?? 200}`;
  const code = String(error.code ?? error.type ?? "");
  return new GatewayError(message, { ...details, code });
}
