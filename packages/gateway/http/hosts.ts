/**
 * Under which names the gateway answers.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { passOn } from "./pass_on.ts";
import { invalidOptions } from "../options/gateway_options.ts";

/** Options for {@linkcode checkHost}. */
export interface HostOptions {
  /**
   * The names and addresses; `null` is any.
   *
   * @default {those of this machine where `allowAnonymous`, else `null`}
   */
  readonly hosts?: readonly string[] | null | undefined;
  /** The origins of other pages that may ask. */
  readonly origins?: readonly string[] | undefined;
  /** Whether a request without a key is answered, too. */
  readonly allowAnonymous?: boolean | undefined;
}

/** The names by which a machine reaches itself. */
const LOOPBACK = /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/;

function isHost(text: string): boolean {
  return URL.canParse(`http://${text}`) &&
    new URL(`http://${text}`).hostname === text;
}

/** Reads the names by which a request asks: they could be two. */
function readHosts({ url, headers }: Request): readonly URL[] | undefined {
  const header = headers.get("host");
  const hosts = header === null ? [url] : [url, `http://${header}`];
  return hosts.every((host) => URL.canParse(host))
    ? hosts.map((host) => new URL(host))
    : undefined;
}

/** Whether a page of an origin was served under this name and port. */
function isOwnOrigin(origin: string, { host }: URL): boolean {
  if (!URL.canParse(origin)) return false;
  const own = new URL(origin);
  // A proxy may have taken https off, so that a port may be left out or not.
  return /^https?:$/.test(own.protocol) &&
    new URL(`${own.protocol}//${host}`).host === own.host;
}

function refuse(message: string, code: string): Response {
  return toErrorResponse(403, { message, code });
}

/**
 * Answers only to its own names. A page of any site can have its name resolve to
 * this machine, and is then of the same origin for a browser; that name in the
 * request gives it away. The same goes for the page's origin, where it is sent.
 *
 * `/healthz` answers to every name: who checks it asks by an address.
 *
 * @param options The names, and the origins besides.
 * @returns The middleware.
 * @throws {ProviderError} If a name is none, such as one with a port, with code
 * `invalid-request`.
 */
export function checkHost(
  { hosts, origins = [], allowAnonymous = false }: HostOptions,
): MiddlewareHandler<GatewayEnvironment> {
  const wrong = hosts?.find((host) => !isHost(host));
  if (wrong !== undefined) {
    throw invalidOptions(
      `Option "hosts" has "${wrong}", which is no name or address such as "chat.example"`,
    );
  }
  const isOpen = hosts === null || (hosts === undefined && !allowAnonymous);
  if (isOpen) return passOn;

  function isOwn({ hostname }: URL): boolean {
    const name = hostname.replace(/\.$/, "");
    return hosts?.includes(name) ?? LOOPBACK.test(name);
  }

  return async (context, next) => {
    const { path, raw } = context.req;
    if (path === "/healthz") return await next();
    const asked = readHosts(raw);
    if (!asked?.every(isOwn)) {
      return refuse(
        "Host is not one that this gateway answers to: see its option `hosts`",
        "host_not_allowed",
      );
    }
    const origin = raw.headers.get("origin");
    const isAllowed = origin === null || origins.includes(origin) ||
      asked.every((host) => isOwnOrigin(origin, host));
    if (!isAllowed) {
      return refuse(
        "Origin is not one whose pages may ask: see the option `origins`",
        "origin_not_allowed",
      );
    }
    await next();
  };
}
