import { assert, assertEquals, assertThrows } from "@std/assert";
import ipaddr from "ipaddr.js";
import { ProviderError } from "../../../core/chat/errors.ts";
import { isPublicHost, toSafeUrl } from "../../../core/http/safe_url.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { randomInt } from "../../_random.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly urls: readonly { readonly url: string; readonly allow: boolean }[];
}

const { urls } = await readVectors<Vectors>("urls");

function refuse(url: string, base?: string, allowPrivate = false): string {
  const { code, message } = assertThrows(
    () => toSafeUrl(url, base ? new URL(base) : undefined, allowPrivate),
    ProviderError,
  );
  assertEquals(code, "unsafe-url", url);
  return message;
}

for (const { url, allow } of urls) {
  Deno.test(`toSafeUrl() ${allow ? "allows" : "refuses"} ${url}`, () => {
    if (allow) assertEquals(toSafeUrl(url, undefined, false).href, url);
    else assert(!refuse(url).includes(url));
  });
}

Deno.test("toSafeUrl() resolves what is relative to a redirect", () => {
  const base = new URL("https://cdn.example.com/x/a");
  const url = toSafeUrl("../b.png", base, false);
  assertEquals(url.href, "https://cdn.example.com/b.png");
});

Deno.test("toSafeUrl() refuses a step from https to http, not the other way", () => {
  refuse("http://cdn.example.com/", "https://cdn.example.com/");
  const base = new URL("http://cdn.example.com/");
  const url = toSafeUrl("https://cdn.example.com/", base, false);
  assertEquals(url.protocol, "https:");
});

Deno.test("toSafeUrl() lifts only the rule for hosts when private ones are allowed", () => {
  const url = toSafeUrl("http://127.0.0.1:8000/a", undefined, true);
  assertEquals(url.host, "127.0.0.1:8000");
  refuse("http://user:password@127.0.0.1/", undefined, true);
  refuse("ftp://127.0.0.1/", undefined, true);
  refuse("http://127.0.0.1/", "https://127.0.0.1/", true);
});

Deno.test("isPublicHost() refuses names that resolve inside a network only", () => {
  for (
    const name of [
      "localhost",
      "localhost..",
      "a.localhost",
      "router",
      "db.internal",
      "nas.lan",
      "a.corp",
      "tv.home",
      "x.private",
      "site.intranet",
      "printer.local.",
      "localhost.localdomain",
      "api.default.svc",
      "api.default.svc.cluster.local",
      "vault.service.consul",
      "db.docker",
      "grafana.k8s",
      "host.docker.internal",
      "shop.test",
      "x.invalid",
    ]
  ) assertEquals(isPublicHost(name), false, name);
});

Deno.test("isPublicHost() takes names that only look internal", () => {
  for (
    const name of [
      "localhost.example",
      "mysvc.example",
      "lan.example.",
      "a.mytest",
    ]
  ) {
    assertEquals(isPublicHost(name), true, name);
  }
});

/** Ranges of ipaddr.js that the IANA registry calls globally reachable. */
const REACHABLE_V4 = ["unicast", "as112", "amt"];

/** The special-purpose blocks, and some that are not special. */
const BLOCKS_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "8.8.8.0/24",
];
const BLOCKS_V6 = [
  "::/128",
  "::1/128",
  "::ffff:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001::/32",
  "2001:2::/48",
  "2001:10::/28",
  "2001:20::/28",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3ffe::/16",
  "3fff::/20",
  "3fff::/16",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
  "2000::/3",
  "2606:4700::/32",
];

/** The first and last address of a block, and those before and after it. */
function toBorders(block: string): number[][] {
  const [address, bits] = ipaddr.parseCIDR(block);
  const first = address.toByteArray();
  const last = first.map((byte, index) =>
    byte | (0xff >> Math.min(8, Math.max(0, bits - 8 * index)))
  );
  return [first, last, step(first, -1), step(last, 1)];
}

/** Counts on or back, with carry; round at the end. */
function step(bytes: readonly number[], by: number): number[] {
  const result = [...bytes];
  for (let index = result.length - 1; index >= 0; index--) {
    const sum = (result[index] ?? 0) + by;
    result[index] = (sum + 256) % 256;
    if (sum >= 0 && sum <= 255) break;
  }
  return result;
}

function toRandomAddresses(size: number, count: number): number[][] {
  const random = createRandom(size);
  return Array.from(
    { length: count },
    () => Array.from({ length: size }, () => randomInt(random, 256)),
  );
}

Deno.test("isPublicHost() agrees with ipaddr.js on IPv4 [P06] [P08]", () => {
  const addresses = [
    ...BLOCKS_V4.flatMap(toBorders),
    ...toRandomAddresses(4, 3000),
  ];
  for (const bytes of addresses) {
    const address = ipaddr.fromByteArray(bytes);
    const expected = REACHABLE_V4.includes(address.range());
    assertEquals(isPublicHost(address.toString()), expected, `${address}`);
  }
});

/** Stricter than ipaddr.js: blocks that were given back, or are for protocols. */
const STRICTER_V6 = ["2001::/23", "3ffe::/16", "3fff::/16"];

Deno.test("isPublicHost() agrees with ipaddr.js on IPv6, or is stricter [P08]", () => {
  const addresses = [
    ...BLOCKS_V6.flatMap(toBorders),
    ...toRandomAddresses(16, 3000),
    // Most random addresses are outside of 2000::/3.
    ...toRandomAddresses(16, 3000).map(([first = 0, ...rest]) => [
      0x20 | (first & 0x1f),
      ...rest,
    ]),
  ];
  const global = ipaddr.parseCIDR("2000::/3");
  const stricter = STRICTER_V6.map((block) => ipaddr.parseCIDR(block));
  for (const bytes of addresses) {
    const address = ipaddr.fromByteArray(bytes);
    const { hostname } = new URL(`http://[${address}]/`);
    const expected = ["unicast", "as112v6"].includes(address.range()) &&
      address.match(global) &&
      !stricter.some((block) => address.match(block));
    assertEquals(isPublicHost(hostname), expected, hostname);
  }
});

Deno.test("isPublicHost() takes no long time for any name", () => {
  const started = performance.now();
  assertEquals(isPublicHost(`a${".".repeat(200_000)}b`), true);
  // What grows with the square takes half a minute.
  assert(performance.now() - started < 1_000);
});
