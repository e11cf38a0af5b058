/** What an answer is made of. */
export type Piece =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "image"; readonly url: string }
  | { readonly type: "model"; readonly model: string }
  | {
    readonly type: "restart";
    readonly reason: string;
    readonly model: string;
  }
  | {
    readonly type: "usage";
    readonly tokens: number;
    readonly isEstimated: boolean;
  }
  | { readonly type: "conversation"; readonly token: string }
  | { readonly type: "finish"; readonly reason: string };

/** A chunk of an answer, as the gateway sends it. */
export interface Chunk {
  readonly model?: string;
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning_content?: string | null;
      readonly images?: readonly {
        readonly image_url: { readonly url: string };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: {
    readonly total_tokens: number;
    readonly estimated?: boolean;
  };
  readonly restart?: {
    readonly reason: string;
    readonly provider: string;
    readonly model: string;
  };
  readonly conversation?: string;
}

/**
 * Reads a chunk of an answer.
 *
 * @param chunk The chunk.
 * @returns What it tells.
 */
export function* toPieces(
  { model, choices = [], usage, restart, conversation }: Chunk,
): Generator<Piece, void, undefined> {
  if (restart) {
    const { reason, provider } = restart;
    yield { type: "restart", reason, model: `${provider}/${restart.model}` };
  } else if (model) {
    yield { type: "model", model };
  }
  const [{ delta = {}, finish_reason: reason = null } = {}] = choices;
  const { content, reasoning_content: reasoning, images = [] } = delta;
  if (reasoning) yield { type: "reasoning", text: reasoning };
  if (content) yield { type: "text", text: content };
  for (const { image_url: { url } } of images) yield { type: "image", url };
  if (reason !== null) yield { type: "finish", reason };
  if (usage) {
    const { total_tokens: tokens, estimated: isEstimated = false } = usage;
    yield { type: "usage", tokens, isEstimated };
  }
  if (conversation) yield { type: "conversation", token: conversation };
}

/**
 * Makes an address of the bytes of a picture.
 *
 * @param base64 The bytes.
 * @returns A URL that shows it.
 */
export function toDataUrl(base64: string): string {
  const mediaType = base64.startsWith("/9j/")
    ? "image/jpeg"
    : base64.startsWith("UklGR")
    ? "image/webp"
    : base64.startsWith("R0lGOD")
    ? "image/gif"
    : "image/png";
  return `data:${mediaType};base64,${base64}`;
}
