export interface LimitedTransformStreamOptions {
  error?: boolean;
}

export class LimitedTransformStream<T> extends TransformStream<T, T> {
  constructor(size: number, options?: LimitedTransformStreamOptions);
}
