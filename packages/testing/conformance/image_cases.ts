import { decodeBase64 } from "@parley/chat";
import { flush } from "../fake_clock.ts";
import { check, checkEquals } from "./check.ts";
import { catchError } from "./ending.ts";
import { createImageFixture, GIF, hasLinks } from "./image_fixture.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";

function concerns({ pictures }: ConformanceTarget): boolean {
  return pictures !== undefined;
}

/** The forms in which an answer may give a picture. */
function listFormats({ pictures }: ConformanceTarget) {
  return pictures?.isInline
    ? ["b64_json"] as const
    : ["url", "b64_json"] as const;
}

/** What is no picture, whatever it is called. */
const NO_PICTURES: Readonly<Record<string, BodyInit>> = {
  "a page": "<!doctype html><p>gone</p>",
  "a page in capitals": "  <HTML><p>gone</p>",
  "SVG": "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
  "SVG as XML": "<?xml version='1.0'?><svg/>",
  "JSON": '{"error":"gone"}',
  "text": "gone",
  "nothing": "",
};

/** What says that there is no picture. */
const WRONG_STATUSES: readonly number[] = [204, 403, 404, 410, 500];

/** Half a picture, and then the connection breaks. */
function toHalfPicture(): Response {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(GIF.slice(0, 8));
      else controller.error(new TypeError("The connection was reset"));
    },
  });
  return new Response(body, { headers: { "content-length": "14" } });
}

/** Checks that a picture is refused in every form, and that nothing is left. */
async function checkRefused(
  target: ConformanceTarget,
  serve: () => Response,
  what: string,
): Promise<void> {
  const headers = { "content-type": "image/png" };
  const typed = () => {
    const { status, body } = serve();
    return new Response(body, { status, headers });
  };
  for (const form of ["bytes", "base64", "dataUrl"] as const) {
    const fixture = await createImageFixture(target, { serve: typed });
    const drawing = fixture.draw();
    const error = await catchError(
      drawing.then<unknown>((image) => image[form]()),
    );
    checkEquals(error.code, "bad-image", `What it calls ${what}`);
    const image = await drawing.catch(() => undefined);
    // One that is downloaded in the run never comes.
    if (image === undefined) continue;
    const { dataUrl } = image.toJSON();
    checkEquals(dataUrl, undefined, `What is left of ${what}`);
    checkEquals(image.mediaType, undefined, `The type of ${what}`);
  }
}

/** A body without end, which counts what is taken of it. */
function createEndless(headers: HeadersInit = {}) {
  let bytes = 0;
  let isCancelled = false;
  const serve = () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const piece = bytes === 0 ? GIF : new Uint8Array(1_000);
        bytes += piece.length;
        // So that what reads without bound ends, too.
        if (bytes > 1_000_000) controller.close();
        else controller.enqueue(piece);
      },
      cancel() {
        isCancelled = true;
      },
    }, { highWaterMark: 0 });
    return new Response(body, { headers });
  };
  return { serve, bytes: () => bytes, isCancelled: () => isCancelled };
}

/** Pictures are whole pictures. */
export const IMAGE_CASES: readonly CaseDefinition[] = [
  {
    name: "gives a picture as bytes, base64 and data URL",
    concerns,
    async run(target) {
      for (const imageFormat of listFormats(target)) {
        const fixture = await createImageFixture(target, { imageFormat });
        const image = await fixture.draw();
        const bytes = await image.bytes();
        check(bytes.length > 0, "It has no bytes");
        const type = imageFormat === "url" ? "image/gif" : image.mediaType;
        checkEquals(image.mediaType, type, "The type");
        check(type?.startsWith("image/") ?? false, "It has no type");
        const base64 = await image.base64();
        checkEquals([...decodeBase64(base64)], [...bytes], "The base64");
        const dataUrl = `data:${type};base64,${base64}`;
        checkEquals(await image.dataUrl(), dataUrl, "The data URL");
        const { dataUrl: written } = JSON.parse(JSON.stringify(image));
        checkEquals(written, dataUrl, "The data URL in its JSON");
        const count = imageFormat === "url" ? 1 : 0;
        checkEquals(fixture.downloads.length, count, "The number of downloads");
      }
    },
  },
  {
    name: "downloads a picture once",
    concerns: hasLinks,
    async run(target) {
      const fixture = await createImageFixture(target);
      const image = await fixture.draw();
      const all = await Promise.all([
        image.bytes(),
        image.bytes(),
        image.base64(),
        image.dataUrl(),
      ]);
      await image.bytes();
      check(all[0].length > 0, "It has no bytes");
      checkEquals(fixture.downloads.length, 1, "The number of downloads");
    },
  },
  {
    name: "types a picture by its bytes [P10]",
    concerns: hasLinks,
    async run(target) {
      const headers = { "content-type": "text/html" };
      const fixture = await createImageFixture(target, {
        serve: () => new Response(GIF, { headers }),
      });
      const image = await fixture.draw();
      checkEquals([...await image.bytes()], [...GIF], "The bytes");
      checkEquals(image.mediaType, "image/gif", "The type");
    },
  },
  {
    name: "takes nothing else for a picture [P01] [P11] [P12] [P17]",
    concerns: hasLinks,
    async run(target) {
      for (const [what, body] of Object.entries(NO_PICTURES)) {
        await checkRefused(target, () => new Response(body), what);
      }
      for (const status of WRONG_STATUSES) {
        await checkRefused(
          target,
          () => new Response(status === 204 ? null : GIF, { status }),
          `a picture of status ${status}`,
        );
      }
    },
  },
  {
    name: "gives no half of a picture [T15]",
    concerns: hasLinks,
    run: (target) => checkRefused(target, toHalfPicture, "half a picture"),
  },
  {
    name: "reads no more of a picture than its limit [P02] [P03]",
    concerns: hasLinks,
    async run(target) {
      const limits = { imageBytes: 10_000 };
      const lengths: readonly (string | undefined)[] = [undefined, "14", "x"];
      for (const length of lengths) {
        const endless = createEndless(
          length === undefined ? {} : { "content-length": length },
        );
        const { load } = await createImageFixture(target, {
          serve: endless.serve,
          provider: { limits },
        });
        const error = await catchError(load());
        checkEquals(error.code, "too-large", `The code at length ${length}`);
        await flush();
        check(endless.bytes() <= 12_000, `It reads ${endless.bytes()} bytes`);
        check(endless.isCancelled(), "It does not leave the rest");
      }
      const announced = createEndless({ "content-length": "10001" });
      const { load } = await createImageFixture(target, {
        serve: announced.serve,
        provider: { limits },
      });
      checkEquals((await catchError(load())).code, "too-large", "The code");
      await flush();
      check(announced.bytes() <= 2_000, "It reads what is too long");
      check(announced.isCancelled(), "It does not leave what is too long");
    },
  },
  {
    name: "takes a picture up to its limit, in either form",
    concerns,
    async run(target) {
      for (const imageFormat of listFormats(target)) {
        const whole = await createImageFixture(target, { imageFormat });
        const { length } = await whole.load();
        const atLimit = await createImageFixture(target, {
          imageFormat,
          provider: { limits: { imageBytes: length } },
        });
        checkEquals((await atLimit.load()).length, length, "The length");
      }
      const over = await createImageFixture(target, {
        imageFormat: "b64_json",
        provider: { limits: { imageBytes: 14 } },
      });
      checkEquals(
        (await catchError(over.load())).code,
        "too-large",
        "The code",
      );
    },
  },
];
