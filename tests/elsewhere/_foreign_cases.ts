// What is true where there is no Deno.
import { assert, assertEquals } from "@std/assert";
import { catchError } from "../../packages/testing/conformance/ending.ts";
import { type HttpCase, PROVIDERS } from "./_requests.ts";

const PASSWORD = "planted-password";

/** All of them. */
export const FOREIGN_CASES: readonly HttpCase[] = [
  {
    name: "there is no Deno for the library to find",
    run() {
      assertEquals("Deno" in globalThis, false);
      return Promise.resolve();
    },
  },
  ...PROVIDERS.map(({ path, create }): HttpCase => ({
    name: `${path} says that it has no proxy, and sends nothing without it`,
    async run() {
      let requests = 0;
      const provider = create({
        proxy: `http://user:${PASSWORD}@127.0.0.1:9`,
        fetch: () => Promise.resolve(new Response(String(requests++))),
      });
      const error = await catchError(provider.generate("Hello"));
      assertEquals([error.code, requests], ["unsupported", 0]);
      assert(error.message.includes('pass a "fetch" that uses it'));
      assert(!JSON.stringify(error).includes(PASSWORD));
      assert(!error.stack?.includes(PASSWORD));
    },
  })),
];
