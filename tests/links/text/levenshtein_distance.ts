// @ts-types="./levenshtein_distance.d.ts"
export * from "deno-std/text/levenshtein_distance.js";
