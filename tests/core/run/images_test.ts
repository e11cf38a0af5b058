import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeBase64 } from "@std/encoding/base64";
import { ProviderError } from "../../../core/chat/errors.ts";
import { downloadImage, toImage } from "../../../core/run/images.ts";
import { flush } from "../../../packages/testing/fake_clock.ts";
import { createParrot, FINISH } from "../../_parrot.ts";

const GIF = "R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=";
const PICTURE = "https://cdn.example.com/a.gif";

function create(answer: (request: Request) => Response | Promise<Response>) {
  return createParrot({
    answer,
    async *respond(run) {
      const image = run.model === "grey"
        ? toImage(run, { url: PICTURE, prompt: "A cat" })
        : await downloadImage(run, { url: PICTURE, prompt: "A cat" });
      yield { type: "image", image };
      yield FINISH;
    },
  });
}

const picture = () => new Response(decodeBase64(GIF));

Deno.test("toImage() downloads after the run, once", async () => {
  const { provider, requests, clock } = create(picture);
  const { images } = await provider.generate("Hi");
  assertEquals(requests.length, 0);
  assertEquals(images[0]?.mediaType, undefined);
  assertEquals(await images[0]?.base64(), GIF);
  assertEquals(await images[0]?.base64(), GIF);
  assertEquals(requests.length, 1);
  assertEquals(images[0]?.mediaType, "image/gif");
  assertEquals(clock.timers, 0);
});

Deno.test("toImage() downloads under the clocks of the provider [M11]", async () => {
  const { provider, clock } = create(() => new Promise(() => {}));
  const { images } = await provider.generate("Hi");
  const failed = assertRejects(
    async () => await images[0]?.bytes(),
    ProviderError,
  );
  await clock.advance(180_000);
  assertEquals((await failed).phase, "headers");
  assertEquals(clock.timers, 0);
});

Deno.test("toImage() ends with the signal of its reader [P18]", async () => {
  const { provider, clock } = create(() => new Promise(() => {}));
  const { images } = await provider.generate("Hi");
  const controller = new AbortController();
  const bytes = images[0]?.bytes({ signal: controller.signal });
  controller.abort("stop");
  assertEquals(await bytes?.catch((error) => error), "stop");
  await flush();
  assertEquals(clock.timers, 0);
});

Deno.test("downloadImage() downloads as part of the run", async () => {
  const { provider, requests } = create(picture);
  const { images } = await provider.generate("Hi", { model: "green" });
  assertEquals(requests.length, 1);
  assertEquals(images[0]?.mediaType, "image/gif");
  assert(JSON.stringify(images[0]).includes(GIF));
});

Deno.test("downloadImage() fails the run where there is no picture", async () => {
  const { provider } = create(() => new Response("<html>"));
  const error = await assertRejects(
    () => provider.generate("Hi", { model: "green" }),
    ProviderError,
  );
  assertEquals(error.code, "bad-image");
});

Deno.test("pictures whose links repeat the prompt do not tell it", async () => {
  const prompt = "A cat that nobody may hear of";
  const url = `https://cdn.example.com/${encodeURIComponent(prompt)}.png`;
  for (const make of [toImage, downloadImage]) {
    const { provider } = createParrot({
      answer: () => Promise.reject(new TypeError(`no route to ${url}`)),
      async *respond(run) {
        yield { type: "image", image: await make(run, { url, prompt }) };
        yield FINISH;
      },
    });
    const error = await assertRejects(async () => {
      const { images } = await provider.generate(prompt);
      await images[0]?.bytes();
    }, ProviderError);
    assertEquals(error.code, "network");
    assert(!Deno.inspect(error, { depth: 10 }).includes("nobody"));
  }
});
