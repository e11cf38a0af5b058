import type { Uint8Array_ } from "./base64.d.ts";
export type { Uint8Array_ };

export function encodeHex(src: string | Uint8Array | ArrayBuffer): string;

export function decodeHex(src: string): Uint8Array_;
