import { assertEquals } from "@std/assert";
import { toMessage } from "../../../mod.ts";
import { createParrot, FINISH, toTextEvent } from "../../_parrot.ts";

Deno.test("toMessage() keeps what only the maker of an answer reads", async () => {
  const { provider } = createParrot({
    async *respond() {
      yield toTextEvent("Rain");
      yield FINISH;
    },
  });
  const result = await provider.generate("How is it in Ulm?");
  const opaque = { signature: "abc" };
  assertEquals("opaque" in toMessage(result), false);
  assertEquals(toMessage({ ...result, opaque }), {
    role: "assistant",
    content: "Rain",
    provider: result.provider,
    model: result.model,
    opaque,
  });
});
