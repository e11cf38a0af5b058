/** A request and its response, as a real server gave it. */
export interface Exchange {
  readonly id: string;
  readonly note: string;
  /** Which configuration of the server it was. */
  readonly server: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly form?: readonly FormField[] | Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly body: string;
  };
}

/** A field of a form, which may be a file. */
export interface FormField {
  readonly name: string;
  readonly value: string;
  readonly filename?: string;
  readonly type?: string;
}

/** Reads recordings, in the order in which they were made. */
export async function readExchanges(
  name: "exchanges" | "newest",
): Promise<readonly Exchange[]> {
  const path = `../../../tests/fixtures/chat_ui/${name}.json`;
  const text = await Deno.readTextFile(new URL(path, import.meta.url));
  const { exchanges }: { exchanges: readonly Exchange[] } = JSON.parse(
    text.replaceAll("{4096 spaces}", " ".repeat(4096)),
  );
  return exchanges;
}

/** The value of the session's cookie, in either header; `""` without one. */
export function toSession(
  header: string | readonly string[] | null | undefined,
): string {
  return /hf-chat=([^;]*)/.exec(String(header ?? ""))?.[1] ?? "";
}
