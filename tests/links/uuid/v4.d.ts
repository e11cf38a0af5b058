export function validate(id: string): boolean;
