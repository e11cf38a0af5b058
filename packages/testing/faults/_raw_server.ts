import type { Socket } from "node:net";

/** One connection to a {@linkcode RawServer}, which is written by hand. */
export interface RawConnection {
  /** Is aborted when the connection is closed, by either side. */
  readonly signal: AbortSignal;
  /** Sends bytes; waits until the network has taken them. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Closes the connection, as if all were said. */
  end(): void;
  /** Breaks the connection (RST). */
  reset(): void;
}

/** A server that says nothing by itself, not even HTTP. */
export interface RawServer {
  readonly port: number;
  /** How many connections are open. */
  readonly openConnections: number;
  /** Breaks every connection, and listens no more. */
  close(): Promise<void>;
}

/**
 * Listens on `127.0.0.1`, for one request on each connection. Servers that know
 * HTTP are too polite to break it.
 */
export async function serveRaw(
  port: number,
  onRequest: (request: Request, connection: RawConnection) => Promise<void>,
): Promise<RawServer> {
  // Only who serves needs it: the rest of the module runs in a browser, too.
  const { createServer } = await import("node:net");
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const closed = new AbortController();
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      closed.abort();
    });
    const connection = toConnection(socket, closed.signal);
    readRequest(socket, closed.signal).then(async (request) => {
      if (request !== undefined) await onRequest(request, connection);
    }).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    get openConnections(): number {
      return sockets.size;
    },
    async close(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function toConnection(socket: Socket, signal: AbortSignal): RawConnection {
  return {
    signal,
    async write(bytes): Promise<void> {
      signal.throwIfAborted();
      if (socket.write(bytes)) return;
      const gone = new AbortController();
      await new Promise<void>((resolve, reject) => {
        const options = { signal: gone.signal };
        signal.addEventListener("abort", () => reject(signal.reason), options);
        socket.once("drain", resolve);
      }).finally(() => gone.abort());
    },
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}

/** Reads a request; `undefined` where the client leaves before its end. */
async function readRequest(
  socket: Socket,
  signal: AbortSignal,
): Promise<Request | undefined> {
  let text = "";
  return await new Promise((resolve, reject) => {
    socket.on("close", () => resolve(undefined));
    socket.on("data", function read(bytes: Uint8Array): void {
      // A character for a byte, so that lengths are the same.
      for (const byte of bytes) text += String.fromCharCode(byte);
      const request = parseRequest(text, signal);
      if (request === undefined) return;
      socket.off("data", read);
      // The end of the connection is seen only by who reads.
      socket.resume();
      request.then(resolve, reject);
    });
  });
}

/** Makes a request out of what has come, once it is whole. */
function parseRequest(
  text: string,
  signal: AbortSignal,
): Promise<Request> | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [start = "", ...lines] = text.slice(0, end).split("\r\n");
  const [method = "", target = ""] = start.split(" ");
  const headers = new Headers(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const rest = text.slice(end + 4);
  const body = headers.get("transfer-encoding") === "chunked"
    ? joinChunks(rest)
    : takeBytes(rest, Number(headers.get("content-length") ?? 0));
  if (body === undefined) return undefined;
  const url = new URL(target, `http://${headers.get("host")}`);
  const bytes = Uint8Array.from(body, (byte) => byte.charCodeAt(0));
  return Promise.resolve(
    new Request(url, {
      method,
      headers,
      signal,
      ...(bytes.length > 0 && { body: bytes }),
    }),
  );
}

function takeBytes(text: string, length: number): string | undefined {
  return text.length < length ? undefined : text.slice(0, length);
}

/** Joins the chunks of a body; `undefined` where the last one has not come. */
function joinChunks(text: string): string | undefined {
  const chunks: string[] = [];
  for (let start = 0;;) {
    const lineEnd = text.indexOf("\r\n", start);
    if (lineEnd === -1) return undefined;
    const size = parseInt(text.slice(start, lineEnd), 16);
    if (size === 0) return chunks.join("");
    start = lineEnd + 2 + size + 2;
    if (text.length < start) return undefined;
    chunks.push(text.slice(lineEnd + 2, start - 2));
  }
}
