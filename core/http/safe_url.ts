/**
 * Which URLs from an upstream may be fetched.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";

/** IPv4 blocks that are not public, from the IANA special-purpose registry. */
const PRIVATE_V4 = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 " +
  "169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 " +
  "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3";

/**
 * Names that resolve inside a network only: reserved ones, those that networks
 * take for themselves, and those of container orchestrators.
 */
const PRIVATE_NAME =
  /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa|test|invalid|onion|alt|svc|cluster|consul|docker|k8s|mesh)$/;

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isPublicV4(address: string): boolean {
  return !PRIVATE_V4.split(" ").some((block) => {
    const [base = "", bits] = block.split("/");
    const difference = toNumber(address) ^ toNumber(base);
    return difference >>> (32 - Number(bits)) === 0;
  });
}

/** Only addresses of 2000::/3 are public, less the blocks that embed others. */
function isPublicV6(address: string): boolean {
  // A group that "::" leaves out is 0; the first group cannot be among them.
  const [a = 0, b = 0] = address.split(":")
    .map((group) => parseInt(group || "0", 16));
  // 6to4 and Teredo carry an IPv4 address; the others are for documents, tests
  // and protocols.
  const isSpecial = a === 0x2002 || a === 0x3fff || a === 0x3ffe ||
    (a === 0x2001 && (b < 0x200 || b === 0xdb8));
  return a >= 0x2000 && a <= 0x3fff && !isSpecial;
}

/**
 * Whether a host can be reached by everybody, as far as its name says: what a
 * name resolves to is known to the runtime only.
 *
 * @param hostname The `hostname` of a parsed URL.
 * @returns `false` for loopback, private, link-local and reserved addresses and
 * for internal names.
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/(?<!\.)\.+$/, "");
  if (host.startsWith("[")) return isPublicV6(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPublicV4(host);
  return host.includes(".") && !PRIVATE_NAME.test(host);
}

/**
 * Checks a URL that an upstream named.
 *
 * @param text The URL.
 * @param base What it may be relative to; nothing where absent.
 * @param allowPrivate Whether hosts that are not public are allowed.
 * @returns The URL.
 * @throws {ProviderError} If it must not be fetched, with code `unsafe-url`.
 */
export function toSafeUrl(
  text: string,
  base: URL | undefined,
  allowPrivate: boolean,
): URL {
  if (!URL.canParse(text, base)) throw unsafe("it is not an absolute URL");
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol)) {
    throw unsafe("its scheme is not http or https");
  }
  if (url.username || url.password) {
    throw unsafe("it has a user name or password");
  }
  if (!allowPrivate && !isPublicHost(url.hostname)) {
    throw unsafe("its host is not public (allowPrivateUrls is not set)");
  }
  if (base?.protocol === "https:" && url.protocol === "http:") {
    throw unsafe("it redirects from https to http");
  }
  return url;
}

function unsafe(reason: string): ProviderError {
  return new ProviderError(`Image URL is refused: ${reason}`, {
    code: "unsafe-url",
  });
}
