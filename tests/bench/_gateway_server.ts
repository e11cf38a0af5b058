// Serves one of several gateways before the server whose URL is the second
// argument, as the gateway's documentation says, and says on which port. Each
// time that something is written to it, it says how much memory it takes.
import { createAdaptorServer } from "@hono/node-server";
import { createGateway } from "@parley/gateway";
import { once } from "node:events";
import { createOpenAiCompatible } from "../../mod.ts";

const [kind = "", baseUrl = "", apiKey = ""] = Deno.args;

function create(id: string) {
  return createOpenAiCompatible({ id, baseUrl });
}

/** Routes to two servers, the second of which is never needed. */
function toRoutes(model: string) {
  return ["upstream", "reserve"].map((id) => ({ provider: create(id), model }));
}

const HANDLERS: Readonly<
  Record<string, (() => (request: Request) => Promise<Response>)>
> = {
  /** The least that a gateway can do: it looks at nothing. */
  proxy: () => async (request) => {
    const { status, headers, body } = await fetch(
      `${baseUrl}/chat/completions`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: await request.text(),
      },
    );
    const type = headers.get("content-type") ?? "";
    return new Response(body, { status, headers: { "content-type": type } });
  },
  gateway: () =>
    createGateway({ providers: [create("upstream")], apiKeys: [apiKey] }),
  failover: () => {
    const models = [1, 200, 5_000].map((tokens) => `tokens-${tokens}`);
    return createGateway({
      routes: Object.fromEntries(
        models.map((model) => [model, toRoutes(model)]),
      ),
      apiKeys: [apiKey],
    });
  },
};

const handler = HANDLERS[kind];
if (handler === undefined) throw new TypeError(`No gateway is called ${kind}`);
const server = createAdaptorServer({
  fetch: handler(),
  overrideGlobalObjects: false,
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (typeof address === "object") console.log(address?.port);

const { gc } = globalThis as { readonly gc?: () => void };
for await (const _line of Deno.stdin.readable) {
  gc?.();
  console.log(JSON.stringify(Deno.memoryUsage()));
}
