// What has to be true elsewhere has to be true in Deno.
import { HTTP_CASES } from "./_http_cases.ts";
import { SERVER_CASES } from "./_server_cases.ts";
import { ElsewhereServer } from "./server.ts";

for (const { name, run } of [...HTTP_CASES, ...SERVER_CASES]) {
  Deno.test(name, async () => {
    await using own = new ElsewhereServer();
    await using open = new ElsewhereServer({ isOpen: true });
    await using closed = new ElsewhereServer();
    await run({
      own: own.origin,
      open: open.origin,
      closed: closed.origin,
      silence: own.silence,
    });
  });
}
