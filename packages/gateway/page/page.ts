import { type Context, Hono } from "hono";
import { etag } from "hono/etag";
import { secureHeaders } from "hono/secure-headers";
import { PAGE_FILES } from "./_page_files.ts";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const MIDDLEWARE = [
  // Around the other, for what is not sent again keeps its policy, too.
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      baseUri: ["'none'"],
      // A dialog is a form that goes nowhere.
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    xFrameOptions: "DENY",
    // It would speak for every other server of the domain.
    strictTransportSecurity: false,
  }),
  // Asked about each time, but sent only where it is another one.
  etag(),
] as const;

/** What the page has to know of its gateway. */
export interface PageOptions {
  /** The most bytes of a request whose messages hold pictures. */
  readonly imageBodyBytes: number;
}

/**
 * Makes the page of the gateway: `GET /` and the files that it needs, at
 * `/page/…`. It is made of files that stand as they are; it asks nobody but its
 * own origin, and can run no script but its own.
 *
 * @param options What it has to know of its gateway.
 * @returns The routes, to be mounted at the root.
 */
export function createPage({ imageBodyBytes }: PageOptions): Hono {
  // On these routes alone: the others of the gateway have rules of their own.
  return new Hono()
    .get("/", ...MIDDLEWARE, (context) => sendFile(context, "page.html"))
    // In one route: beside one with a name, Hono would take its slower router.
    .get("/page/:name", ...MIDDLEWARE, (context) => {
      const name = context.req.param("name");
      return name === "limits.json"
        ? context.json({ imageBodyBytes })
        : sendFile(context, name);
    });
}

function sendFile(
  context: Context,
  name: string,
): Response | Promise<Response> {
  const text = Object.hasOwn(PAGE_FILES, name) ? PAGE_FILES[name] : undefined;
  if (text === undefined) return context.notFound();
  const type = MEDIA_TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "";
  return new Response(text, {
    headers: { "content-type": type, "cache-control": "no-cache" },
  });
}
