import { assertEquals, assertStringIncludes } from "@std/assert";
import { LineEditor } from "../../terminal/line_editor.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** A keyboard and a screen. */
class Desk {
  readonly #keys = new TransformStream<
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>
  >();
  readonly #writer = this.#keys.writable.getWriter();
  readonly modes: boolean[] = [];
  screen = "";

  readonly terminal: Terminal = {
    input: this.#keys.readable,
    isTerminal: { input: true, output: true, errors: true },
    columns: 80,
    environment: { get: () => undefined, toObject: () => ({}) },
    write: (text) => Promise.resolve(void (this.screen += text)),
    writeError: () => Promise.resolve(),
    setRaw: (isRaw) => void this.modes.push(isRaw),
    watchInterruption: () => ({
      signal: new AbortController().signal,
      [Symbol.dispose]() {},
    }),
  };

  async press(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  async leave(): Promise<void> {
    await this.#writer.close();
  }
}

Deno.test("LineEditor reads lines that are edited, and earlier ones", async () => {
  const desk = new Desk();
  await using editor = new LineEditor(desk.terminal, ["earlier"]);
  const first = editor.read("> ");
  await desk.press("god\x1b[Do\r");
  assertEquals(await first, { type: "line", line: "good" });
  const second = editor.read("> ");
  await desk.press("\x1b[A\x1b[A!\r");
  assertEquals(await second, { type: "line", line: "earlier!" });
  assertStringIncludes(desk.screen, "> ");
  assertEquals(desk.modes, [true]);
});

Deno.test("LineEditor keeps what is typed while nobody reads, and shows it then", async () => {
  const desk = new Desk();
  await using editor = new LineEditor(desk.terminal, []);
  await desk.press("one\rtwo");
  assertEquals(desk.screen, "");
  assertEquals(await editor.read("> "), { type: "line", line: "one" });
  const next = editor.read("> ");
  await desk.press("\r");
  assertEquals(await next, { type: "line", line: "two" });
  assertStringIncludes(desk.screen, "> two");
});

Deno.test("LineEditor takes what is pasted as one line", async () => {
  const desk = new Desk();
  await using editor = new LineEditor(desk.terminal, []);
  const line = editor.read("> ");
  await desk.press("\x1b[200~one\ntwo\n\x1b[201~\r");
  assertEquals(await line, { type: "line", line: "one\ntwo" });
});

Deno.test("LineEditor tells of Ctrl-C, with an answer under way to that", async () => {
  const desk = new Desk();
  await using editor = new LineEditor(desk.terminal, []);
  {
    using interruption = editor.watchInterruption();
    const { promise, resolve } = Promise.withResolvers<void>();
    interruption.signal.addEventListener("abort", () => resolve());
    await desk.press("\x03");
    await promise;
  }
  const typed = editor.read("> ");
  await desk.press("half\x03");
  assertEquals(await typed, { type: "interrupt" });
  const line = editor.read("> ");
  await desk.press("whole\r");
  assertEquals(await line, { type: "line", line: "whole" });
});

for (const isKey of [true, false]) {
  Deno.test(`LineEditor ends with ${isKey ? "Ctrl-D" : "its input"}, once and for all`, async () => {
    const desk = new Desk();
    await using editor = new LineEditor(desk.terminal, []);
    const typed = editor.read("> ");
    await (isKey ? desk.press("\x04") : desk.leave());
    assertEquals(await typed, { type: "end" });
    assertEquals(await editor.read("> ").then(({ type }) => type), "end");
  });
}
