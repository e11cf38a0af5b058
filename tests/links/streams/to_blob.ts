// @ts-types="./to_blob.d.ts"
export * from "deno-std/streams/to_blob.js";
