import type { Hono } from "hono";
import { readBody } from "../http/body.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { FakeClock } from "@parley/testing";
import { createApp } from "./_server.ts";

/** The header of a body that is JSON. */
export const JSON_TYPE = { "content-type": "application/json" };

const LIMITS = { bodyBytes: 100, imageBodyBytes: 100, bodyTimeout: 10_000 };

/** An application of which a test knows what it has read. */
export interface TestReader {
  readonly app: Hono<GatewayEnvironment>;
  /** What was read, and let through. */
  readonly bodies: unknown[];
  readonly clock: FakeClock;
  /** Posts a body; as JSON, where no headers are given. */
  post(
    body: BodyInit,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
}

/** Makes an application that reads what is posted, at most 100 bytes. */
export function createReader(
  limits: Partial<typeof LIMITS> = {},
): TestReader {
  const clock = new FakeClock();
  const app = createApp();
  const bodies: unknown[] = [];
  app.use(readBody({ ...LIMITS, ...limits, clock }));
  app.post("/", (context) => {
    bodies.push(context.var.body);
    return context.text("Good day");
  });
  return {
    app,
    bodies,
    clock,
    post: async (body, headers = JSON_TYPE) =>
      await app.request("/", { method: "POST", body, headers }),
  };
}

/** Names an error in one line. */
export async function toCode(response: Response): Promise<string> {
  const { error } = await response.json();
  return `${response.status} ${error.type} ${error.code}`;
}
