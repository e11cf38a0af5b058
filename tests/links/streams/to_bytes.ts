// @ts-types="./to_bytes.d.ts"
export * from "deno-std/streams/to_bytes.js";
