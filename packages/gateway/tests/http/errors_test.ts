import { assertEquals, assertFalse } from "@std/assert";
import { toErrorResponse } from "../../http/errors.ts";
import { createApp } from "../_server.ts";

Deno.test("toErrorResponse() gives the shape of OpenAI's errors", async () => {
  const response = toErrorResponse(400, { message: "No", param: "messages" });
  assertEquals(response.status, 400);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(await response.json(), {
    error: {
      message: "No",
      type: "invalid_request_error",
      param: "messages",
      code: null,
    },
  });
});

Deno.test("toErrorResponse() gives the type that OpenAI sends with a status", async () => {
  const types = [400, 401, 404, 422, 429, 500, 503].map(async (status) => {
    const response = toErrorResponse(status, { message: "No" });
    return [status, (await response.json()).error.type];
  });
  assertEquals(await Promise.all(types), [
    [400, "invalid_request_error"],
    [401, "invalid_request_error"],
    [404, "invalid_request_error"],
    [422, "invalid_request_error"],
    [429, "requests"],
    [500, "server_error"],
    [503, "server_error"],
  ]);
});

Deno.test("toErrorResponse() takes headers, a type and a code", async () => {
  const response = toErrorResponse(502, {
    message: "No",
    type: "other",
    code: "upstream",
  }, { "retry-after": "3" });
  assertEquals(response.headers.get("retry-after"), "3");
  const { error } = await response.json();
  assertEquals([error.type, error.code], ["other", "upstream"]);
});

for (
  const [name, thrown] of [
    ["an error", new Error("hunter2")],
    ["no error", "hunter2"],
  ] as const
) {
  Deno.test(`handleError() hides what a handler throws that is ${name} [W23]`, async () => {
    const printed: unknown[] = [];
    const print = (...words: unknown[]) => void printed.push(...words);
    const { error, warn, log } = console;
    Object.assign(console, { error: print, warn: print, log: print });
    try {
      const app = createApp();
      app.get("/", () => {
        throw thrown;
      });
      const response = await app.request("/");
      assertEquals(response.status, 500);
      const text = await response.text();
      assertFalse(text.includes("hunter2"));
      assertEquals(JSON.parse(text).error.type, "server_error");
    } finally {
      Object.assign(console, { error, warn, log });
    }
    assertEquals(printed, []);
  });
}
