// What the gateway writes, the library's own client reads back.
import { assertEquals } from "@std/assert";
import {
  type ChatResult,
  createOpenAiCompatible,
  type FinishReason,
} from "@parley/chat";
import { toImage } from "@parley/chat/provider";
import { createParrotGateway } from "../_gateway.ts";

const PICTURES = [
  { base64: "R0lGODlhAQABAAAAACw=", prompt: "" },
  { url: "https://pictures.example/cat.png", prompt: "" },
];

const USAGE = {
  inputTokens: 9,
  outputTokens: 4,
  totalTokens: 13,
  cachedTokens: 6,
  reasoningTokens: 3,
  cost: 0.25,
};

const REASONS: readonly FinishReason[] = [
  "stop",
  "length",
  "content-filter",
  "interrupted",
  "other",
];

/** Asks over a gateway whose upstream says all that there is to say. */
async function ask(
  reason: FinishReason,
  stream: boolean,
): Promise<ChatResult> {
  const gateway = createParrotGateway(async function* (run) {
    yield { type: "warning", code: "ignored-part", message: "It was odd" };
    yield { type: "reasoning", text: "Why < \n so" };
    yield { type: "text", text: "Grüße 👋🏽" };
    for (const picture of PICTURES) {
      yield { type: "image", image: toImage(run, picture) };
    }
    yield { type: "text", text: " \n" };
    yield { type: "usage", usage: USAGE };
    yield { type: "finish", reason };
  });
  const client = createOpenAiCompatible({
    baseUrl: "http://localhost/v1",
    fetch: (input, init) => gateway(new Request(input, init)),
  });
  return await client.generate("Hi", { model: "Parrot/grey", stream });
}

Deno.test("createGateway() loses nothing before the library's own client", async () => {
  for (const stream of [true, false]) {
    for (const reason of REASONS) {
      const result = await ask(reason, stream);
      const [picture, link] = result.images.map((image) => image.toJSON());
      assertEquals({
        text: result.text,
        reasoning: result.reasoning,
        pictures: [picture?.dataUrl, link?.url],
        usage: result.usage,
        warnings: result.warnings,
        reason: result.finishReason,
        model: result.responseModel,
      }, {
        text: "Grüße 👋🏽 \n",
        reasoning: "Why < \n so",
        pictures: [
          `data:image/gif;base64,${PICTURES[0]?.base64}`,
          PICTURES[1]?.url,
        ],
        usage: USAGE,
        warnings: [{ code: "ignored-part", message: "It was odd" }],
        reason,
        model: "Parrot/grey",
      });
    }
  }
});
