export interface LimitedBytesTransformStreamOptions {
  error?: boolean;
}

export class LimitedBytesTransformStream
  extends TransformStream<Uint8Array, Uint8Array> {
  constructor(size: number, options?: LimitedBytesTransformStreamOptions);
}
