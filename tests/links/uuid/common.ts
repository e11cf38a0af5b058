// @ts-types="./common.d.ts"
export * from "deno-std/uuid/common.js";
