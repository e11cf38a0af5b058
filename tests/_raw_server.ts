import { concatBytes, toBytes } from "./_body.ts";

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers one request, then its connection is closed. */
export type RawHandler = (
  connection: RawConnection,
  request: RawRequest,
) => Promise<void>;

/** One connection, written by hand: what a server framework would refuse, too. */
export class RawConnection {
  readonly #socket: Deno.TcpConn;
  readonly #closed = Promise.withResolvers<void>();
  #unread = new Uint8Array();

  constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  /** Settles when the client has left. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Sends the head of a response whose body comes in chunks. */
  async start(
    status: number,
    headers: readonly (readonly [string, string])[] = [],
  ): Promise<void> {
    const lines = [
      `HTTP/1.1 ${status} Status`,
      "transfer-encoding: chunked",
      "connection: close",
      ...headers.map(([name, value]) => `${name}: ${value}`),
    ];
    await this.#write(toBytes(`${lines.join("\r\n")}\r\n\r\n`));
  }

  /** Sends one chunk of the body. */
  async send(chunk: Uint8Array | string): Promise<void> {
    const bytes = toBytes(chunk);
    if (bytes.length === 0) return;
    const size = toBytes(`${bytes.length.toString(16)}\r\n`);
    await this.#write(concatBytes([size, bytes, toBytes("\r\n")]));
  }

  /** Ends the body; without this it is cut. */
  async end(): Promise<void> {
    await this.#write(toBytes("0\r\n\r\n"));
  }

  /** Sends a whole response. */
  async respond(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: Uint8Array | string,
  ): Promise<void> {
    await this.start(status, headers);
    await this.send(body);
    await this.end();
  }

  /** Reads a request; `undefined` where the client leaves before its end. */
  async read(): Promise<RawRequest | undefined> {
    let end = -1;
    while (end === -1) {
      if (!await this.#readMore()) return undefined;
      end = toLatin1(this.#unread).indexOf("\r\n\r\n");
    }
    const head = toLatin1(this.#unread.subarray(0, end)).split("\r\n");
    const [method = "", path = ""] = (head[0] ?? "").split(" ");
    const headers = new Headers(
      head.slice(1).map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
    );
    const start = end + 4;
    const length = Number(headers.get("content-length") ?? 0);
    while (this.#unread.length < start + length) {
      if (!await this.#readMore()) return undefined;
    }
    const body = new TextDecoder().decode(this.#unread.subarray(start));
    void this.#watch();
    return { method, path, headers, body };
  }

  /** Closes the socket. */
  close(): void {
    try {
      this.#socket.close();
    } catch {
      // It is closed already.
    }
  }

  async #readMore(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    const size = await this.#socket.read(buffer).catch(() => null);
    if (size === null) return false;
    this.#unread = concatBytes([this.#unread, buffer.subarray(0, size)]);
    return true;
  }

  async #watch(): Promise<void> {
    while (await this.#readMore());
    this.#closed.resolve();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.#socket.write(bytes.subarray(written));
    }
  }
}

/** A raw HTTP/1.1 server on loopback: one request for each connection. */
export class RawServer implements AsyncDisposable {
  readonly requests: RawRequest[] = [];
  readonly connections: RawConnection[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #handler: RawHandler;
  readonly #tasks: Promise<void>[] = [];

  constructor(handler: RawHandler) {
    this.#handler = handler;
    this.#tasks.push(this.#accept());
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.connections) connection.close();
    for (const task of this.#tasks) await task;
  }

  async #accept(): Promise<void> {
    for await (const socket of this.#listener) {
      const connection = new RawConnection(socket);
      this.connections.push(connection);
      this.#tasks.push(this.#serve(connection));
    }
  }

  async #serve(connection: RawConnection): Promise<void> {
    const request = await connection.read();
    if (request !== undefined) {
      this.requests.push(request);
      // A client that leaves breaks the writes: that is for the test to see.
      await this.#handler(connection, request).catch(() => {});
    }
    connection.close();
  }
}

function toLatin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
