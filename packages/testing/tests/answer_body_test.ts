import { assertEquals } from "@std/assert";
import { toAnswerBody } from "../mod.ts";

const CONTEXT = { model: "grey", messages: [{ role: "user", content: "Hi" }] };

Deno.test("toAnswerBody() writes every token down, and the end", async () => {
  const body = toAnswerBody(
    { answer: (prompt) => [prompt, " there"] },
    CONTEXT,
    {
      toPiece: (token) => `<${token}>`,
      end: "!",
    },
  );
  assertEquals(await new Response(body).text(), "<Hi>< there>!");
});

Deno.test("toAnswerBody() asks for a token only where one is read", async () => {
  let asked = 0;
  let isLeft = false;
  function* count(): Generator<string> {
    try {
      for (;;) yield String(asked++);
    } finally {
      isLeft = true;
    }
  }
  const body = toAnswerBody({ answer: count }, CONTEXT, {
    toPiece: (token) => token,
  });
  const reader = body.getReader();
  await reader.read();
  await reader.read();
  assertEquals(asked, 2);
  await reader.cancel();
  assertEquals([asked, isLeft], [2, true]);
});
