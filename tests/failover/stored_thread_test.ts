import { assertEquals } from "@std/assert";
import { runInNewContext } from "node:vm";
import { isDown } from "../../failover/failure.ts";
import { toStored } from "../../failover/stored_thread.ts";
import { ProviderError } from "../../mod.ts";
import { createStage } from "./_actors.ts";

Deno.test("toStored() writes bytes of every realm as text", () => {
  for (
    const image of [
      new Uint8Array([1, 2, 3]),
      runInNewContext("new Uint8Array([1, 2, 3])"),
    ]
  ) {
    const part = { type: "image", image, mediaType: "image/png" } as const;
    assertEquals(toStored({ role: "user", content: [part] }).content, [
      { type: "image", image: "data:image/png;base64,AQID" },
    ]);
  }
});

Deno.test("isDown() reads the causes of every realm", () => {
  const cause = runInNewContext("new Error('connect ECONNREFUSED')");
  const error = new ProviderError("Request failed", { code: "network", cause });
  assertEquals(isDown(error), true);
});

Deno.test("openThread() forgets what broke off where an answer begins anew", async () => {
  const { failover, settle } = createStage([
    ["Good", { code: "incomplete" }],
    ["Hello"],
  ]);
  const { conversation } = await settle(failover.generate("Hi"));
  assertEquals(Object(conversation?.state).messages, [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello" },
  ]);
});
