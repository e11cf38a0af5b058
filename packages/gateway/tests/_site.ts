import type { Hono } from "hono";
import { allowOrigins } from "../http/cors.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { setHeaders } from "../http/headers.ts";
import { answerOtherMethods } from "../http/methods.ts";
import { createApp } from "./_server.ts";

const EVENTS = { "content-type": "text/event-stream" };

/** An application with the paths of a gateway, and an answer that fails. */
export function createSite(
  origins: readonly string[] = [],
): Hono<GatewayEnvironment> {
  const app = createApp();
  let count = 0;
  app.use(setHeaders(() => `id-${++count}`));
  app.use(allowOrigins(origins));
  app.use(answerOtherMethods(app));
  app.get("/v1/models", (context) => context.json({ data: [] }));
  app.post(
    "/v1/chat/completions",
    () => new Response("data: [DONE]\n\n", { headers: EVENTS }),
  );
  app.get("/broken", () => {
    throw new Error("bug");
  });
  return app;
}
