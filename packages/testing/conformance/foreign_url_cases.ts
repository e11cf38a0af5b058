import { check, checkEquals } from "./check.ts";
import { catchError } from "./ending.ts";
import {
  createImageFixture,
  GIF,
  hasLinks,
  PUBLIC_URL,
  redirectTo,
} from "./image_fixture.ts";
import { SECRET_OPTIONS, SECRET_RUN_OPTIONS } from "./secret_fixtures.ts";
import type { CaseDefinition } from "./target.ts";

/** Places that not everybody can reach, in many spellings. */
const PRIVATE_URLS: readonly string[] = [
  "http://127.0.0.1/1.gif",
  "http://127.0.0.1:8080/1.gif",
  "https://127.1.2.3/1.gif",
  "http://127.1/1.gif",
  "http://2130706433/1.gif",
  "http://0x7f000001/1.gif",
  "http://0177.0.0.1/1.gif",
  "http://0.0.0.0/1.gif",
  "http://localhost/1.gif",
  "http://LOCALHOST./1.gif",
  "http://a.localhost/1.gif",
  "http://10.0.0.1/1.gif",
  "http://172.16.0.1/1.gif",
  "http://192.168.1.1/1.gif",
  "http://100.64.0.1/1.gif",
  "http://169.254.169.254/latest/meta-data/",
  "http://metadata.google.internal/computeMetadata/",
  "http://router/1.gif",
  "http://printer.local/1.gif",
  "http://[::1]/1.gif",
  "http://[::]/1.gif",
  "http://[::ffff:127.0.0.1]/1.gif",
  "http://[::ffff:a9fe:a9fe]/1.gif",
  "http://[64:ff9b::7f00:1]/1.gif",
  "http://[2002:7f00:1::]/1.gif",
  "http://[fc00::1]/1.gif",
  "http://[fe80::1]/1.gif",
];

/** What is no public place for other reasons. */
const UNSAFE_URLS: readonly string[] = [
  "https://user:password@pictures.example/1.gif",
  "https://user@pictures.example/1.gif",
];

/** What a redirect may name, and a URL in JSON may, too. */
const OTHER_SCHEMES: readonly string[] = [
  "file:///etc/passwd",
  "ftp://pictures.example/1.gif",
  "blob:https://pictures.example/1",
];

/** Headers that say nothing of the caller. */
const PLAIN_HEADERS: readonly string[] = ["accept", "user-agent"];

/** What an upstream names is not fetched blindly. */
export const FOREIGN_URL_CASES: readonly CaseDefinition[] = [
  {
    name: "downloads pictures from public places only [P06] [P08]",
    concerns: hasLinks,
    async run(target) {
      const all = [...PRIVATE_URLS, ...UNSAFE_URLS, ...OTHER_SCHEMES];
      for (const url of all) {
        const fixture = await createImageFixture(target, { url });
        const error = await catchError(fixture.load());
        checkEquals(error.code, "unsafe-url", `What it calls ${url}`);
        const { downloads, requests } = fixture;
        checkEquals(downloads.length, 0, `The number of downloads of ${url}`);
        checkEquals(requests.length, 1, `The number of requests for ${url}`);
      }
    },
  },
  {
    name:
      "checks where a redirect of a picture leads before it asks there [P05]",
    concerns: hasLinks,
    async run(target) {
      const all = [
        ...PRIVATE_URLS,
        ...UNSAFE_URLS,
        ...OTHER_SCHEMES,
        "//127.0.0.1/1.gif",
        "http://pictures.example/1.gif",
      ];
      for (const url of all) {
        const fixture = await createImageFixture(target, {
          serve: (hop) => hop === 1 ? redirectTo(url) : new Response(GIF),
        });
        const error = await catchError(fixture.load());
        checkEquals(error.code, "unsafe-url", `What it calls ${url}`);
        checkEquals(fixture.downloads.length, 1, `The hops to ${url}`);
      }
    },
  },
  {
    name: "follows the redirects of a picture, but not for ever",
    concerns: hasLinks,
    async run(target) {
      const moved = await createImageFixture(target, {
        serve: (hop) =>
          hop < 3
            ? redirectTo(`https://${hop}.pictures.example/2.gif`)
            : new Response(GIF),
      });
      checkEquals([...await moved.load()], [...GIF], "The bytes");
      checkEquals(moved.downloads.length, 3, "The number of hops");
      const circle = await createImageFixture(target, {
        serve: () => redirectTo("/again"),
      });
      const error = await catchError(circle.load());
      checkEquals(error.code, "bad-image", "What it calls a circle");
      const hops = circle.downloads.length;
      check(hops <= 20, `It follows ${hops} redirects`);
    },
  },
  {
    name: "downloads pictures from private places where an option allows it",
    concerns: hasLinks,
    async run(target) {
      const fixture = await createImageFixture(target, {
        url: "http://127.0.0.1:8080/1.gif",
        serve: (hop) =>
          hop === 1 ? redirectTo("http://[::1]/2.gif") : new Response(GIF),
        provider: { allowPrivateUrls: true },
      });
      checkEquals([...await fixture.load()], [...GIF], "The bytes");
      checkEquals(fixture.downloads.length, 2, "The number of downloads");
      for (const url of OTHER_SCHEMES) {
        const other = await createImageFixture(target, {
          url,
          provider: { allowPrivateUrls: true },
        });
        const error = await catchError(other.load());
        checkEquals(error.code, "unsafe-url", `What it calls ${url}`);
      }
    },
  },
  {
    name: "takes nothing of the caller's to the host of a picture [P16]",
    concerns: hasLinks,
    async run(target) {
      const fixture = await createImageFixture(target, {
        serve: (hop) =>
          hop === 1
            ? redirectTo("https://other.example/2.gif", 307)
            : new Response(GIF),
        provider: SECRET_OPTIONS,
        options: SECRET_RUN_OPTIONS,
      });
      await fixture.load();
      checkEquals(fixture.downloads.length, 2, "The number of downloads");
      for (const { method, headers, body } of fixture.downloads) {
        checkEquals([method, body], ["GET", ""], "The request");
        const names = [...headers.keys()];
        const others = names.filter((name) => !PLAIN_HEADERS.includes(name));
        checkEquals(others, [], "What is sent besides");
      }
      check(
        fixture.requests.some(({ headers }) => headers.has("x-secret")),
        "The upstream itself gets no headers",
      );
      check(fixture.downloads[0]?.url === PUBLIC_URL, "It asks elsewhere");
    },
  },
];
