import { assertEquals } from "@std/assert";
import { createAmigoChat } from "@parley/chat";
import { conformanceCases, createAmigoChatUpstream } from "@parley/testing";

Deno.test("the suite asks for no place of pictures that come inline", async () => {
  const target = {
    name: "AmigoChat",
    create: createAmigoChat,
    upstream: createAmigoChatUpstream,
  };
  const inline = conformanceCases({
    ...target,
    pictures: {
      options: { model: "dall-e-3" },
      isInline: true,
      upstream: () => createAmigoChatUpstream({ imageFormat: "b64_json" }),
    },
  });
  const known = new Set(conformanceCases(target).map(({ name }) => name));
  const own = inline.filter(({ name }) => !known.has(name));
  assertEquals(own.map(({ name }) => name.replace(/ \[.*/, "")), [
    "AmigoChat gives a picture as bytes, base64 and data URL",
    "AmigoChat takes a picture up to its limit, in either form",
  ]);
  for (const { run } of own) await run();
});
