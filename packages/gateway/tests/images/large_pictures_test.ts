import { assertEquals } from "@std/assert";
import { encodeBase64 } from "@parley/chat";
import { toImage } from "@parley/chat/provider";
import { FINISH } from "../../../../tests/_parrot.ts";
import {
  createParrotGateway,
  type Gateway,
  post,
  readError,
} from "../_gateway.ts";

const PATH = "/v1/images/generations";

/** A gateway over a painter whose pictures have so many bytes, and no URL. */
function createLargePainter(bytes: number, count: number): Gateway {
  const picture = new Uint8Array(bytes);
  picture.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const base64 = encodeBase64(picture);
  return createParrotGateway(async function* (run) {
    for (let index = 0; index < count; index++) {
      yield [{ type: "image", image: toImage(run, { base64, prompt: "" }) }];
    }
    yield [FINISH];
  }, { definition: { imageModels: ["grey"] } });
}

Deno.test("a large picture without a URL is sent once", async () => {
  const body = { model: "grey", prompt: "x" };
  for (
    const [bytes, keys] of [
      [1_000, ["url", "b64_json"]],
      [800_000, ["b64_json"]],
    ] as const
  ) {
    const gateway = createLargePainter(bytes, 1);
    const { data } = await (await post(gateway, PATH, body)).json();
    assertEquals(Object.keys(data[0]), [...keys]);
  }
});

Deno.test("pictures that are too large in all are an error with a code", async () => {
  const body = { model: "grey", prompt: "x", n: 4 };
  const response = await post(createLargePainter(14_000_000, 4), PATH, body);
  const { code } = await readError(response);
  assertEquals([response.status, code], [502, "too_large"]);
});
