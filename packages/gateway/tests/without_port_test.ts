import { assertEquals } from "@std/assert";
import { ANSWER, ask, say } from "./_gateway.ts";

Deno.test("a client that stops at the last event, and reads no end, has all", async () => {
  const outcomes: string[] = [];
  const gateway = say(ANSWER, {
    log: ({ outcome }) => void outcomes.push(outcome),
  });
  const { body } = await ask(gateway, { stream: true });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.endsWith("[DONE]\n\n")) text += (await reader?.read())?.value;
  assertEquals(outcomes, ["complete"]);
});
