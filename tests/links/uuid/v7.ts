// @ts-types="./v7.d.ts"
export * from "deno-std/uuid/v7.js";
