import type { Uint8Array_ } from "./base64.d.ts";
export type { Uint8Array_ };

export function encodeBase64Url(
  data: string | Uint8Array | ArrayBuffer,
): string;

export function decodeBase64Url(b64url: string): Uint8Array_;
