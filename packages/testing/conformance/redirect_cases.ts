import type { FaultPlan } from "../faults/fault.ts";
import { catchError, readAll } from "./ending.ts";
import { check, checkEquals } from "./check.ts";
import { checkClean } from "./logs.ts";
import { KEY, SECRET_OPTIONS } from "./secret_fixtures.ts";
import type { CaseDefinition } from "./target.ts";
import { createFixture, recordPaths, TEXT, toPattern } from "./fixture.ts";

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

/** Origins that differ from that of a URL in one thing. */
function toForeignUrls(baseUrl: string): readonly string[] {
  const { protocol, host, port } = new URL(baseUrl);
  const other = protocol === "https:" ? "http:" : "https:";
  return [
    "https://other.example",
    "//other.example",
    `${other}//${host}`,
    port === "" ? `${protocol}//${host}:8443` : `${protocol}//sub.${host}`,
    "file:///etc/passwd",
  ];
}

/** The first request is answered with a redirect, once. */
function redirectOnce(first: string, status: number): FaultPlan {
  const headers = { location: `${first}?moved` };
  return {
    path: toPattern(first),
    times: 1,
    faults: [{ type: "respond", status, headers }],
  };
}

/** Where a request of the provider itself may lead. */
export const REDIRECT_CASES: readonly CaseDefinition[] = [
  {
    name: "follows no redirect to another origin [S22]",
    async run(target) {
      const { paths: [first = ""], answerPath } = await recordPaths(target);
      const { provider: { baseUrl } } = await createFixture(target);
      for (const path of [toPattern(first), answerPath]) {
        for (const status of STATUSES) {
          for (const other of toForeignUrls(baseUrl)) {
            const location = `${other}${first}?key=${KEY}`;
            const fixture = await createFixture(target, {
              plan: {
                path,
                faults: [{ type: "respond", status, headers: { location } }],
              },
              provider: SECRET_OPTIONS,
            });
            const error = await catchError(fixture.stream().result());
            const what = `${status} to ${other}`;
            checkEquals(error.code, "bad-response", `The code after ${what}`);
            checkClean(error, [KEY], `the error after ${what}`);
            const pattern = new RegExp(path);
            checkEquals(
              fixture.requests.filter((request) => pattern.test(request.path))
                .length,
              1,
              `The number of requests after ${what}`,
            );
            const { origin } = new URL(baseUrl);
            check(
              fixture.requests.every(({ url }) =>
                new URL(url).origin === origin
              ),
              `It follows ${what}`,
            );
          }
        }
      }
    },
  },
  {
    name: "follows a redirect on its own origin as it was sent",
    async run(target) {
      const { paths: [first = ""] } = await recordPaths(target);
      for (const status of [307, 308]) {
        const fixture = await createFixture(target, {
          plan: redirectOnce(first, status),
          provider: { apiKey: KEY },
        });
        const { text, error } = await readAll(fixture.stream());
        checkEquals(error, undefined, `The error after ${status}`);
        checkEquals(text, TEXT, `The text after ${status}`);
        const [asked, moved] = fixture.requests;
        check(moved?.url.endsWith("?moved") ?? false, "It does not follow");
        for (const key of ["method", "body"] as const) {
          checkEquals(moved?.[key], asked?.[key], `The ${key}`);
        }
        const [before, after] = [asked, moved].map((request) =>
          request?.headers.get("authorization")
        );
        check(before === after, "It does not send its key again");
      }
    },
  },
  {
    name: "sends nothing twice for a redirect that asks for a GET",
    async run(target) {
      const { paths: [first = ""] } = await recordPaths(target);
      for (const status of [301, 302, 303]) {
        const fixture = await createFixture(target, {
          plan: redirectOnce(first, status),
          provider: { maxRetries: 0 },
        });
        await readAll(fixture.stream());
        const isSent = fixture.requests.some(({ url, method }) =>
          url.endsWith("?moved") && method !== "GET"
        );
        check(!isSent, `It sends a request again after ${status}`);
      }
    },
  },
  {
    name: "does not follow redirects for ever",
    async run(target) {
      const { paths: [first = ""] } = await recordPaths(target);
      const fixture = await createFixture(target, {
        plan: {
          path: toPattern(first),
          faults: [{
            type: "respond",
            status: 307,
            headers: { location: first },
          }],
        },
        provider: { maxRetries: 0 },
      });
      const error = await catchError(fixture.stream().result());
      checkEquals(error.code, "bad-response", "The code");
      const { length } = fixture.requests;
      check(length <= 21, `It follows ${length} redirects`);
    },
  },
  {
    name: "takes a redirect to a login for what it is",
    async run(target) {
      const { paths: [first = ""] } = await recordPaths(target);
      for (
        const location of ["/login/again", "https://id.example/oauth/login"]
      ) {
        const fixture = await createFixture(target, {
          plan: {
            path: toPattern(first),
            faults: [{ type: "respond", status: 302, headers: { location } }],
          },
        });
        const error = await catchError(fixture.stream().result());
        checkEquals(error.code, "authentication", "The code");
        checkEquals(fixture.requests.length, 1, "The number of requests");
      }
    },
  },
];
