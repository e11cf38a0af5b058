export interface TextLineStreamOptions {
  allowCR?: boolean;
}

export class TextLineStream extends TransformStream<string, string> {
  constructor(options?: TextLineStreamOptions);
}
