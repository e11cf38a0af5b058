// @ts-types="./to_array_buffer.d.ts"
export * from "deno-std/streams/to_array_buffer.js";
