export function levenshteinDistance(str1: string, str2: string): number;
