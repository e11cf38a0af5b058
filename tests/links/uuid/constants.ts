// @ts-types="./constants.d.ts"
export * from "deno-std/uuid/constants.js";
