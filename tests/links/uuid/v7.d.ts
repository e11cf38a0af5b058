export function extractTimestamp(uuid: string): number;

export function generate(timestamp?: number): string;

export function validate(id: string): boolean;
