// @ts-types="./limited_bytes_transform_stream.d.ts"
export * from "deno-std/streams/limited_bytes_transform_stream.js";
