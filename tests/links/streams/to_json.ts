// @ts-types="./to_json.d.ts"
export * from "deno-std/streams/to_json.js";
