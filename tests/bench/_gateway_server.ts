// Serves a gateway before the server whose URL is the first argument, and says
// on which port.
import { createGateway } from "@parley/gateway";
import { createOpenAiCompatible } from "../../mod.ts";

const [baseUrl = "", apiKey = ""] = Deno.args;
const gateway = createGateway({
  providers: [createOpenAiCompatible({ id: "upstream", baseUrl })],
  apiKeys: [apiKey],
});
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, gateway);
