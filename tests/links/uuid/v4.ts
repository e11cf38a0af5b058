// @ts-types="./v4.d.ts"
export * from "deno-std/uuid/v4.js";
