import type { Hono } from "hono";
import type { GatewayEnvironment } from "../../http/gateway_environment.ts";
import type { Outcome } from "../../options/log_entry.ts";

/** Collects how requests end. */
export function watchEnds(app: Hono<GatewayEnvironment>): {
  readonly ends: string[];
  readonly ended: Promise<Outcome>;
} {
  const ends: string[] = [];
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  app.use(async (context, next) => {
    context.var.lifetime.onEnd((outcome, status) => {
      ends.push(`${outcome} ${status}`);
      resolve(outcome);
    });
    await next();
  });
  return { ends, ended: promise };
}
