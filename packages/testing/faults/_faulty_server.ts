import { toArrayBuffer } from "@std/streams";
import { ConnectionReset } from "./_fault_body.ts";
import type { FaultyResponse } from "./_faulty_response.ts";
import { type RawConnection, serveRaw } from "./_raw_server.ts";
import type { UpstreamServer } from "../upstreams/upstream.ts";

/** An upstream with faults that listens on the loopback interface. */
export interface FaultyServer extends UpstreamServer {
  /** How many connections are open. */
  readonly openConnections: number;
  /** How many bytes of bodies the network has taken. */
  readonly sentBytes: number;
}

/** Serves responses that may break. */
export async function serveFaults(
  port: number,
  exchange: (
    request: Request,
    signal: AbortSignal,
  ) => Promise<FaultyResponse>,
): Promise<FaultyServer> {
  let sentBytes = 0;
  const server = await serveRaw(port, async (request, connection) => {
    try {
      const response = await exchange(request, connection.signal);
      await send(response, connection, (length) => sentBytes += length);
      connection.end();
    } catch (error) {
      if (error instanceof ConnectionReset && error.head !== "") {
        await connection.write(error.head);
        connection.end();
      } else {
        connection.reset();
      }
    }
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    get openConnections(): number {
      return server.openConnections;
    },
    get sentBytes(): number {
      return sentBytes;
    },
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}

/** What a body is framed by here, whatever its server said. */
const FRAMING = ["content-length", "transfer-encoding", "connection"];

async function send(
  { head, body, missing }: FaultyResponse,
  connection: RawConnection,
  onSent: (length: number) => void,
): Promise<void> {
  const lines = [`HTTP/1.1 ${head.status} ${head.statusText}`];
  for (const [name, value] of head.headers) {
    if (!FRAMING.includes(name)) lines.push(`${name}: ${value}`);
  }
  lines.push("connection: close");
  if (missing !== undefined) {
    const bytes = new Uint8Array(
      await toArrayBuffer(ReadableStream.from(body)),
    );
    const length = bytes.length + missing;
    await connection.write(toHead([...lines, `content-length: ${length}`]));
    return await connection.write(bytes);
  }
  if ([204, 205, 304].includes(head.status)) {
    return await connection.write(toHead(lines));
  }
  await connection.write(toHead([...lines, "transfer-encoding: chunked"]));
  for await (const piece of body) {
    await connection.write(`${piece.length.toString(16)}\r\n`);
    await connection.write(piece);
    await connection.write("\r\n");
    onSent(piece.length);
  }
  await connection.write("0\r\n\r\n");
}

function toHead(lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}
