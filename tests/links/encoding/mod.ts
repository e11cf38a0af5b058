export * from "./base64.ts";
export * from "./hex.ts";
