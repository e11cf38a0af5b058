// More than a reader takes, over sockets.
import { assert, assertEquals } from "@std/assert";
import { within } from "../../packages/testing/conformance/check.ts";
import { AnswerServer, SOON } from "../contract/_answer_server.ts";
import {
  CHAT_UI,
  type ProviderCase,
  PROVIDERS,
} from "../contract/_providers.ts";
import { catchError } from "../../packages/testing/conformance/ending.ts";

const MIB = 1024 * 1024;

/** What two sockets on one machine hold between them, and as much again. */
const MAX_HELD = 32 * MIB;

/** A server that sends the same piece for ever, as fast as it is taken. */
class Flood extends AnswerServer {
  sent = 0;

  constructor({ mediaType, opening }: ProviderCase, piece: string) {
    super(async (connection) => {
      await connection.start(200, [["content-type", mediaType]]);
      if (!piece.includes("\n")) await connection.send(opening);
      for (;;) {
        await connection.send(piece);
        this.sent += piece.length;
      }
    });
  }

  /** Settles when nothing more is taken, or far too much was. */
  async stalled(): Promise<void> {
    for (let before = -1; before !== this.sent && this.sent < 4 * MAX_HELD;) {
      before = this.sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Waits until the server sees that nobody reads, and nothing is under way. */
async function checkClosed(server: Flood, provider: ProviderCase) {
  const { closed } = await server.answering;
  await within(SOON, closed);
  if (provider === CHAT_UI) await within(2_000, server.stopped);
}

for (const provider of PROVIDERS) {
  const piece = provider.beginning.repeat(1_000);

  Deno.test(`${provider.name} holds back a flood while its reader waits [B01]`, async () => {
    await using server = new Flood(provider, piece);
    const stream = provider.create({ baseUrl: server.origin }).stream("Hello");
    assertEquals((await stream.next()).done, false);
    await server.stalled();
    assert(server.sent < MAX_HELD, `${server.sent} bytes were taken`);
    await stream.return();
    await checkClosed(server, provider);
  });

  Deno.test(`${provider.name} holds back a flood while who reads its response waits [B03]`, async () => {
    await using server = new Flood(provider, piece);
    const response = provider.create({ baseUrl: server.origin })
      .stream("Hello").toResponse();
    const reader = response.body?.getReader();
    assertEquals((await reader?.read())?.done, false);
    await server.stalled();
    assert(server.sent < MAX_HELD, `${server.sent} bytes were taken`);
    await reader?.cancel();
    await checkClosed(server, provider);
  });

  Deno.test(`${provider.name} leaves a line without end [B02] [F10]`, async () => {
    await using server = new Flood(provider, "x".repeat(65_536));
    const instance = provider.create({
      baseUrl: server.origin,
      limits: { eventLength: MIB },
    });
    const error = await catchError(instance.generate("Hello"));
    assertEquals(error.code, "too-large");
    await checkClosed(server, provider);
  });
}
