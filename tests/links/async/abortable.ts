// @ts-types="./abortable.d.ts"
export * from "deno-std/async/abortable.js";
