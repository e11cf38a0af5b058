import { concatBytes, toBytes } from "./_body.ts";

/** The user that the proxies of tests know. */
export const USER = "proxy-user";

/** The password of that user, with characters that a URL escapes. */
export const PASSWORD = "p@ss/w:rd-4711";

type Speak = (socket: Socket) => Promise<Deno.TcpConn | undefined>;

/** A socket that is read by so many bytes, or up to a mark. */
class Socket {
  readonly connection: Deno.TcpConn;
  #unread = new Uint8Array();

  constructor(connection: Deno.TcpConn) {
    this.connection = connection;
  }

  /** Takes what was read too far. */
  takeRest(): Uint8Array {
    const rest = this.#unread;
    this.#unread = new Uint8Array();
    return rest;
  }

  async read(size: number): Promise<Uint8Array> {
    while (this.#unread.length < size) await this.#readMore();
    const bytes = this.#unread.slice(0, size);
    this.#unread = this.#unread.slice(size);
    return bytes;
  }

  /** Reads the head of an HTTP request. */
  async readHead(): Promise<string> {
    for (;;) {
      const text = new TextDecoder("latin1").decode(this.#unread);
      const end = text.indexOf("\r\n\r\n");
      if (end !== -1) {
        await this.read(end + 4);
        return text.slice(0, end + 4);
      }
      await this.#readMore();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.connection.write(bytes.subarray(written));
    }
  }

  async #readMore(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const size = await this.connection.read(buffer);
    if (size === null) throw new Error("The client has left");
    this.#unread = concatBytes([this.#unread, buffer.subarray(0, size)]);
  }
}

/** A proxy on loopback. */
export class ProxyServer implements AsyncDisposable {
  /** How many clients were let through, and how many were not. */
  readonly count = { passed: 0, refused: 0 };
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #tasks: Promise<unknown>[] = [];
  readonly #speak: Speak;

  constructor(speak: Speak) {
    this.#speak = speak;
    this.#tasks.push(this.#accept());
  }

  get host(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Settles when every client has left. */
  async closed(): Promise<void> {
    while (this.#connections.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Leaves every client at once. */
  leave(): void {
    for (const connection of this.#connections) closeSafely(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.leave();
    await Promise.all(this.#tasks);
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      this.#tasks.push(
        this.#serve(connection).catch(() => {}).finally(() => {
          closeSafely(connection);
          this.#connections.delete(connection);
        }),
      );
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    const socket = new Socket(connection);
    const upstream = await this.#speak(socket);
    if (upstream === undefined) {
      this.count.refused++;
      return;
    }
    this.count.passed++;
    await new Socket(upstream).write(socket.takeRest());
    await Promise.all([
      pump(connection, upstream),
      pump(upstream, connection),
    ]);
  }
}

/** Copies what comes, until either side leaves; then both do. */
async function pump(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  try {
    await from.readable.pipeTo(to.writable);
  } catch {
    // The other side has left.
  }
  closeSafely(from);
  closeSafely(to);
}

function closeSafely(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}

/** An HTTP proxy: CONNECT, and requests with a whole URL. */
export function createHttpProxy(): ProxyServer {
  const expected = `Basic ${btoa(`${USER}:${PASSWORD}`)}`;
  return new ProxyServer(async (socket) => {
    const head = await socket.readHead();
    const given = /^proxy-authorization: *(.*)\r$/im.exec(head)?.[1];
    if (given !== expected) {
      await socket.write(toBytes(
        "HTTP/1.1 407 Proxy Authentication Required\r\n" +
          "proxy-authenticate: Basic\r\ncontent-length: 0\r\n" +
          "connection: close\r\n\r\n",
      ));
      return undefined;
    }
    const [method = "", target = ""] = head.split(" ");
    const url = new URL(method === "CONNECT" ? `http://${target}` : target);
    const { hostname, port } = url;
    const upstream = await Deno.connect({ hostname, port: Number(port) });
    if (method === "CONNECT") {
      await socket.write(toBytes("HTTP/1.1 200 Connected\r\n\r\n"));
    } else {
      const path = head.replace(target, url.pathname + url.search)
        .replace(/^proxy-.*\r\n/gim, "");
      await new Socket(upstream).write(toBytes(path));
    }
    return upstream;
  });
}

/** A SOCKS5 proxy by RFC 1928 that wants a password by RFC 1929. */
export function createSocksProxy(): ProxyServer {
  return new ProxyServer(async (socket) => {
    const [, methods = 0] = await socket.read(2);
    const offered = await socket.read(methods);
    if (!offered.includes(2)) {
      await socket.write(new Uint8Array([5, 255]));
      return undefined;
    }
    await socket.write(new Uint8Array([5, 2]));
    const [, userLength = 0] = await socket.read(2);
    const user = new TextDecoder().decode(await socket.read(userLength));
    const [passwordLength = 0] = await socket.read(1);
    const password = new TextDecoder().decode(
      await socket.read(passwordLength),
    );
    const isKnown = user === USER && password === PASSWORD;
    await socket.write(new Uint8Array([1, isKnown ? 0 : 1]));
    if (!isKnown) return undefined;
    const [, , , type] = await socket.read(4);
    const size = type === 1 ? 4 : (await socket.read(1))[0] ?? 0;
    const address = await socket.read(size);
    const hostname = type === 1
      ? address.join(".")
      : new TextDecoder().decode(address);
    const [high = 0, low = 0] = await socket.read(2);
    const upstream = await Deno.connect({ hostname, port: high * 256 + low });
    await socket.write(new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    return upstream;
  });
}
