import {
  assertEquals,
  assertExists,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createAiChats } from "@parley/chat";
import { conformanceCases, createUpstream } from "@parley/testing";

/** A server with a mistake in it. */
function respondWrongly(): Response {
  throw new RangeError("The parrot has flown");
}

Deno.test("a server that throws is shown once, with its own frame first", async () => {
  const [first, second] = conformanceCases({
    name: "AiChats",
    create: createAiChats,
    upstream: () => createUpstream(respondWrongly),
  });
  assertExists(first);
  assertExists(second);
  const error = await assertRejects(first.run, RangeError, "has flown");
  const [, frame = ""] = error.stack?.split("\n") ?? [];
  assertStringIncludes(frame, "respondWrongly");
  const again = await assertRejects(second.run, Error);
  assertEquals(
    again.message,
    "Its server throws again: RangeError: The parrot has flown",
  );
});
