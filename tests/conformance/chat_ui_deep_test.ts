// The newest chat-ui, which answers otherwise where nobody reads.
import { conformanceCases, createChatUiUpstream } from "@parley/testing";
import { CHAT_UI } from "../_providers.ts";

/** It ends an answer that nobody reads, which then is found whole. */
const FOUND =
  /sends a request once|tells of no conversation where it fails|keeps its secrets, whatever|leaves nothing after a connection|breaks off its response|fails where the connection breaks, over/;

/** It writes the whole answer without waiting for a reader. */
const AHEAD = /does not read ahead of/;

const target = {
  ...CHAT_UI,
  name: "chat-ui of August 2026",
  upstream: (options: Parameters<typeof CHAT_UI.upstream>[0]) =>
    createChatUiUpstream({ ...options, version: "2026-08" }),
};

for (const { name, run } of conformanceCases(target)) {
  if (!FOUND.test(name) && !AHEAD.test(name)) Deno.test(name, run);
}
