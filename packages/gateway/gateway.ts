/**
 * A server that speaks like OpenAI's, over providers.
 *
 * @module
 */

import { generate } from "@std/uuid/v7";
import { isProviderError } from "@parley/chat";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import { type Context, Hono } from "hono";
import { allowOrigins } from "./http/cors.ts";
import { authenticate } from "./http/authentication.ts";
import { readBody } from "./http/body.ts";
import { createAnswerChat, createChatHandler } from "./chat/chat.ts";
import { toErrorResponse } from "./http/errors.ts";
import { Refusal, toFailureResponse } from "./http/failures.ts";
import type { GatewayEnvironment } from "./http/gateway_environment.ts";
import {
  checkGatewayOptions,
  type GatewayOptions,
} from "./options/gateway_options.ts";
import { handleError } from "./http/handle_error.ts";
import { checkHost } from "./http/hosts.ts";
import { setHeaders } from "./http/headers.ts";
import { createImageHandler } from "./images/images.ts";
import { trackLifetime } from "./http/track_lifetime.ts";
import { logRequests } from "./http/log.ts";
import { answerOtherMethods, answerUnknownPath } from "./http/methods.ts";
import { passOn } from "./http/pass_on.ts";
import { toPath } from "./http/path.ts";
import { createModelCatalog } from "./models/model_catalog.ts";
import { createModelHandler, createModelListHandler } from "./models/models.ts";
import { createPage } from "./page/page.ts";
import { limitConcurrency, limitRate } from "./http/rate_limit.ts";
import { createResponseHandler } from "./responses/responses.ts";
import { setLimits } from "./options/gateway_limits.ts";

/** Answers with the error of a run, a refusal, or one that shows nothing. */
function answerError(
  error: unknown,
  { var: { lifetime } }: Context<GatewayEnvironment>,
): Response {
  if (isProviderError(error)) return toFailureResponse(error, lifetime);
  if (error instanceof Refusal) {
    lifetime.details.code = error.details.code ?? undefined;
  }
  return handleError(error);
}

/**
 * Makes a server that speaks like OpenAI's, over providers: chat completions,
 * pictures and models. It is a function of the Web platform, for `Deno.serve`,
 * `export default { fetch }` or a router.
 *
 * It answers nobody until it has `apiKeys`, unless `allowAnonymous` says so.
 *
 * @param options What it serves, and to whom.
 * @returns Answers a request; it never rejects.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { createGateway } from "@parley/gateway";
 * import { createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = createAiChatsUpstream({ answer: () => "Good day" });
 * const gateway = createGateway({
 *   providers: [createAiChats({ fetch })],
 *   apiKeys: ["a-long-secret"],
 * });
 *
 * const response = await gateway(
 *   new Request("http://localhost/v1/chat/completions", {
 *     method: "POST",
 *     headers: {
 *       "authorization": "Bearer a-long-secret",
 *       "content-type": "application/json",
 *     },
 *     body: JSON.stringify({
 *       model: "AiChats/gpt-4",
 *       messages: [{ role: "user", content: "Hello" }],
 *     }),
 *   }),
 * );
 * const { choices } = await response.json();
 * assertEquals(choices[0].message.content, "Good day");
 * ```
 */
export function createGateway(
  options: GatewayOptions,
): (request: Request) => Promise<Response> {
  checkGatewayOptions(options);
  const {
    providers = [],
    routes = {},
    failover = {},
    aliases = {},
    apiKeys = [],
    allowAnonymous = false,
    passFields = [],
    origins = [],
    maxRetryDelay = 5_000,
    conversations,
    keepAlive = 15_000,
    holdHead = null,
    page = true,
    log,
    wrapProvider,
    clock = SYSTEM_CLOCK,
    randomUuid = () => generate(),
  } = options;
  const limits = setLimits(
    options.limits,
    apiKeys.length + Number(allowAnonymous),
  );
  const catalog = createModelCatalog({
    providers,
    routes,
    failover: { clock, ...failover },
    aliases,
    wrapProvider,
    clock,
  });
  const app = new Hono<GatewayEnvironment>({ getPath: toPath });
  app.onError(answerError);
  app.notFound(answerUnknownPath(app));
  const middleware = [
    trackLifetime({ ...limits, clock }),
    setHeaders(randomUuid),
    log === undefined ? passOn : logRequests(log, clock),
    checkHost(options),
    allowOrigins(origins),
  ];
  // Each takes its turn of every request.
  app.use(...middleware.filter((one) => one !== passOn));
  // The page asks for the key itself.
  if (page) app.route("/", createPage(limits));
  app.use(authenticate(options));
  app.use(answerOtherMethods(app));

  const limiters = [
    // What is refused for want of a place is not counted.
    limitConcurrency(limits),
    limitRate({ ...limits, clock }),
  ] as const;
  const body = readBody({ ...limits, clock });
  const answerChat = createAnswerChat({
    catalog,
    passFields,
    conversations,
    maxRetryDelay,
    keepAlive,
    holdHead,
    clock,
    randomUuid,
  });
  const images = createImageHandler({ catalog, maxRetryDelay, clock });
  const chat = createChatHandler(answerChat);
  app.post("/v1/chat/completions", ...limiters, body, chat);
  const responses = createResponseHandler(answerChat);
  app.post("/v1/responses", ...limiters, body, responses);
  app.post("/v1/images/generations", ...limiters, body, images);
  app.get("/v1/models", ...limiters, createModelListHandler(catalog));
  app.get("/v1/models/:id{.+}", ...limiters, createModelHandler(catalog));
  app.get("/healthz", () => Response.json({ status: "ok" }));
  return async (request: Request, server?: GatewayEnvironment["Bindings"]) => {
    // A server hands on what a client sent in its place, whatever it is.
    if (!URL.canParse(request.url)) {
      return toErrorResponse(400, {
        message: "URL is not valid",
        code: "invalid_request",
      });
    }
    return await app.fetch(request, server);
  };
}
