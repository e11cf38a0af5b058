// @ts-types="./limited_transform_stream.d.ts"
export * from "deno-std/streams/limited_transform_stream.js";
