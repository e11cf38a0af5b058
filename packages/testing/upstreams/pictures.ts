import { encodeBase64 } from "@parley/chat";
import { paintPng } from "./_png.ts";
import type { UpstreamOptions } from "./upstream.ts";

/** What the upstreams that draw let their pictures be. */
export interface PictureOptions {
  /**
   * The form in which a picture is given: its URL on the upstream, or its bytes
   * in base64.
   *
   * @default {"url"}
   */
  readonly imageFormat?: "url" | "b64_json" | undefined;
  /**
   * The number of pictures in an answer.
   *
   * @default {1}
   */
  readonly imageCount?: number | undefined;
}

/** The pictures of one upstream, each with a number and colours of its own. */
export interface Pictures {
  /**
   * Answers a request to draw: `{"data": [{"url"} | {"b64_json"}, …]}`. What the
   * request wants counts more than the options.
   */
  draw(request: Request, wanted?: PictureOptions): Promise<Response>;
  /** Serves `/img/1.png` and so on; `undefined` for a path of another kind. */
  serve(path: string): Promise<Response> | undefined;
}

/** Makes the pictures of an upstream. */
export function createPictures(
  options: PictureOptions & UpstreamOptions,
): Pictures {
  const { prefix = "" } = options;
  let drawn = 0;
  return {
    async draw(request, wanted = {}) {
      const {
        imageFormat = options.imageFormat ?? "url",
        imageCount = options.imageCount ?? 1,
      } = wanted;
      const data = [];
      for (let index = 0; index < imageCount; index++) {
        drawn++;
        data.push(
          imageFormat === "url"
            ? { url: new URL(`${prefix}/img/${drawn}.png`, request.url).href }
            : { b64_json: encodeBase64(await paintPng(drawn)) },
        );
      }
      return Response.json({ created: Math.floor(Date.now() / 1000), data });
    },
    serve(path) {
      const number = Number(/^\/img\/(\d+)\.png$/.exec(path)?.[1]);
      if (Number.isNaN(number)) return undefined;
      return toPngResponse(number, drawn);
    },
  };
}

async function toPngResponse(number: number, drawn: number): Promise<Response> {
  if (number < 1 || number > drawn) {
    return new Response("Not Found", { status: 404 });
  }
  return new Response(await paintPng(number), {
    headers: { "content-type": "image/png" },
  });
}
