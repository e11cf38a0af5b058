export * from "./common.ts";
export * from "./constants.ts";
export * as v4 from "./v4.ts";
export * as v7 from "./v7.ts";
