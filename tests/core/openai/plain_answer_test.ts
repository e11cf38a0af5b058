import { assertEquals, assertObjectMatch } from "@std/assert";
import { createAutonomousAi } from "../../../providers/autonomous_ai.ts";
import { catchError } from "../../../packages/testing/conformance/ending.ts";

Deno.test("readPlainAnswer() takes no call for an answer", async () => {
  const call = {
    index: 0,
    id: "a",
    function: { name: "look", arguments: "{}" },
  };
  const answer = (content: string) =>
    createAutonomousAi({
      fetch: () =>
        Promise.resolve(Response.json({
          choices: [{
            message: { content, tool_calls: [call] },
            finish_reason: "stop",
          }],
        })),
    }).generate("Hello");
  const { text, warnings } = await answer("Good day");
  assertEquals(text, "Good day");
  assertEquals(warnings.map(({ code }) => code), ["ignored-part"]);
  assertObjectMatch(await catchError(answer("")), { code: "bad-response" });
});
