// OpenAI's own client asks for models and pictures.
import { assertEquals, assertRejects } from "@std/assert";
import OpenAI from "openai";
import {
  createAiChats,
  createAmigoChat,
  decodeBase64,
  detectMediaType,
} from "@parley/chat";
import { createAmigoChatUpstream } from "@parley/testing";
import { open } from "./_gateway.ts";
import { createOpenAi } from "./_openai.ts";

function createPainting() {
  return createOpenAi(open({
    providers: [
      createAmigoChat({ fetch: createAmigoChatUpstream().fetch }),
      createAiChats(),
    ],
    aliases: { picture: "flux-dev" },
  }));
}

Deno.test("openai lists the models", async () => {
  await using client = createPainting();
  const ids = await Array.fromAsync(
    client.openai.models.list(),
    ({ id }) => id,
  );
  assertEquals([ids[0], ids.at(-1)], ["picture", "AiChats/dalle"]);
});

for (const id of ["AmigoChat/flux/dev", "AiChats/gpt-4", "picture"]) {
  Deno.test(`openai retrieves the model ${id}`, async () => {
    await using client = createPainting();
    const model = await client.openai.models.retrieve(id);
    assertEquals([model.id, model.object], [id, "model"]);
  });
}

Deno.test("openai does not find an unknown model", async () => {
  await using client = createPainting();
  const error = await assertRejects(
    () => client.openai.models.retrieve("AmigoChat/nothing"),
    OpenAI.NotFoundError,
  );
  assertEquals(error.code, "model_not_found");
});

for (const response_format of ["url", "b64_json", undefined] as const) {
  Deno.test(`openai gets pictures as ${response_format}`, async () => {
    await using client = createPainting();
    const { data = [] } = await client.openai.images.generate({
      model: "picture",
      prompt: "A red cat",
      n: 2,
      ...(response_format && { response_format }),
    });
    assertEquals(data.length, 2);
    for (const { url, b64_json } of data) {
      assertEquals(url !== undefined, response_format !== "b64_json");
      assertEquals(b64_json !== undefined, response_format !== "url");
      if (b64_json === undefined) continue;
      assertEquals(detectMediaType(decodeBase64(b64_json)), "image/png");
    }
  });
}
