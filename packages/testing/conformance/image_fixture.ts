import {
  type ChatOptions,
  type ChatResult,
  decodeBase64,
  type ProviderOptions,
} from "@parley/chat";
import type { PictureOptions } from "../upstreams/pictures.ts";
import type { RecordedRequest, Upstream } from "../upstreams/upstream.ts";
import { check } from "./check.ts";
import type { ConformanceTarget } from "./target.ts";
import { createFixture, type Fixture, PROMPT } from "./fixture.ts";

/** Where pictures are, unless a case says otherwise: a public place. */
export const PUBLIC_URL = "https://pictures.example/1.gif";

/** A picture. */
export const GIF: Uint8Array<ArrayBuffer> = decodeBase64(
  "R0lGODlhAQABAAAAACw=",
);

/** A picture of an answer. */
export type Picture = ChatResult["images"][number];

/** Answers the request for a picture; the first one has the number 1. */
export type ServePicture = (count: number, request: Request) => Response;

/** Options of {@linkcode createImageFixture}. */
export interface ImageFixtureOptions extends PictureOptions {
  /**
   * Where the upstream says that a picture is.
   *
   * @default {"https://pictures.example/1.gif"}
   */
  readonly url?: string | undefined;
  /**
   * What is there.
   *
   * @default {a picture}
   */
  readonly serve?: ServePicture | undefined;
  /** Options of the provider. */
  readonly provider?: ProviderOptions | undefined;
  /** Options of the run. */
  readonly options?: ChatOptions | undefined;
}

/** A provider that draws, and a place from which its pictures come. */
export interface ImageFixture extends Fixture {
  /** The requests for pictures. */
  readonly downloads: readonly RecordedRequest[];
  /** Asks for a picture, and does not load it. */
  draw(): Promise<Picture>;
  /** Asks for a picture, and loads it. */
  load(): Promise<Uint8Array>;
}

/** Whether an answer names places where its pictures are. */
export function hasLinks({ pictures }: ConformanceTarget): boolean {
  return pictures !== undefined && !pictures.isInline;
}

/** Answers whatever is not asked of the upstream itself with a picture. */
export async function createImageFixture(
  target: ConformanceTarget,
  {
    url = PUBLIC_URL,
    serve = () => new Response(GIF),
    provider = {},
    options,
    ...pictureOptions
  }: ImageFixtureOptions = {},
): Promise<ImageFixture> {
  const { pictures } = target;
  check(pictures !== undefined, "It makes no pictures");
  const server = pictures.upstream(pictureOptions);
  const { origin } = new URL(target.create(provider).baseUrl);
  // The server of a provider may be where a case says that a picture is.
  const isElsewhere = (request: { readonly url: string }) =>
    request.url === url || new URL(request.url).origin !== origin;
  let count = 0;
  async function answer(
    input: RequestInfo | URL,
    init?: RequestInit,
  ): Promise<Response> {
    const request = new Request(input, init);
    if (isElsewhere(request)) return serve(++count, request);
    return await rewrite(await server.fetch(request), url);
  }
  const upstream: Pick<Upstream, "fetch"> = { fetch: answer };
  const fixture = await createFixture(target, { upstream, provider });
  async function draw(): Promise<Picture> {
    const settings = { ...pictures?.options, ...options };
    const { images: [image] } = await fixture.stream(settings, PROMPT).result();
    check(image !== undefined, "Its answer has no picture");
    return image;
  }
  return {
    ...fixture,
    get downloads(): readonly RecordedRequest[] {
      return fixture.requests.filter(isElsewhere);
    },
    draw,
    load: async () => await (await draw()).bytes(),
  };
}

/** Names another place in the place of each URL of a JSON response. */
async function rewrite(response: Response, url: string): Promise<Response> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return response;
  const text = await response.text();
  const value = JSON.parse(
    text,
    (_key, member) =>
      typeof member === "string" && /^https?:\/\//.test(member) ? url : member,
  );
  return Response.json(value, { status: response.status });
}

/** Leads elsewhere. */
export function redirectTo(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}
