import { UsageError } from "../terminal/exit_code.ts";

/**
 * Reads where Ollama is as Ollama itself does: a name, `:port`, both, or a URL.
 *
 * @param host What `OLLAMA_HOST` says.
 * @returns The URL of its server that speaks like OpenAI's.
 * @throws {UsageError} If it is no address.
 */
export function toOllamaUrl(host = ""): string {
  const [, scheme, rest = ""] = /^(?:(https?):\/\/)?(.*)$/.exec(host.trim()) ??
    [];
  const address = rest.replace(/^(?=:|\/|$)/, "127.0.0.1");
  let url: URL;
  try {
    url = new URL(`${scheme ?? "http"}://${address}`);
  } catch {
    throw new UsageError("OLLAMA_HOST is no address");
  }
  if (scheme === undefined && url.port === "") url.port = "11434";
  // A server that listens everywhere is asked on this machine.
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  return `${url.href.replace(/\/+$/, "")}/v1`;
}
