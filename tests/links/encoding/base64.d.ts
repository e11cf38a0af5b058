export type Uint8Array_ = ReturnType<Uint8Array["slice"]>;

export function encodeBase64(data: ArrayBuffer | Uint8Array | string): string;

export function decodeBase64(b64: string): Uint8Array_;
