import { decodeBase64 } from "@std/encoding/base64";
import type { ChatOptions, Message } from "../mod.ts";
import { toBytes, toSingleBytes } from "./_body.ts";
import type { RawConnection, RawHandler } from "./_raw_server.ts";

type Chunk = string | {
  readonly text?: string;
  readonly fill?: string;
  readonly times?: number;
  readonly tail?: string;
  readonly base64?: string;
  readonly bytewise?: boolean;
  readonly ms?: number;
};

/** One answer of the server. */
export interface ScriptedResponse {
  readonly method: string;
  readonly path?: string;
  readonly status?: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly end?: "cut";
  readonly chunks: readonly Chunk[];
}

/** One run of a scenario. */
export interface ScenarioCall {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly apiKey?: string;
  /** Whether the conversation of the run before is passed. */
  readonly continues?: boolean;
  readonly options?: ChatOptions;
}

/** What callers ask, and how the server answers. */
export interface Scenario {
  readonly calls: readonly ScenarioCall[];
  readonly responses: readonly ScriptedResponse[];
}

interface ScenarioFile {
  readonly shared: Readonly<Record<string, ScriptedResponse>>;
  readonly scenarios: Readonly<
    Record<string, {
      readonly calls: readonly ScenarioCall[];
      readonly responses: readonly (ScriptedResponse | string)[];
    }>
  >;
}

/** Reads a file of `tests/fixtures/scenarios/`. */
export async function readScenarios(
  name: string,
): Promise<Record<string, Scenario>> {
  const url = new URL(`./fixtures/scenarios/${name}.json`, import.meta.url);
  const file: ScenarioFile = JSON.parse(await Deno.readTextFile(url));
  return Object.fromEntries(
    Object.entries(file.scenarios).map(([id, { calls, responses }]) => [id, {
      calls,
      responses: responses.map((response) => {
        const found = typeof response === "string"
          ? file.shared[response]
          : response;
        if (found === undefined) throw new Error(`No response "${response}"`);
        return found;
      }),
    }]),
  );
}

/** Finds the response to a request: the last fitting one repeats. */
export function createScript(
  { responses }: Scenario,
): (method: string, path: string) => ScriptedResponse | undefined {
  const left = [...responses];
  return (method, path) => {
    const fits = (response: ScriptedResponse) =>
      response.method === method && new RegExp(response.path ?? "").test(path);
    const index = left.findIndex(fits);
    const response = left[index];
    if (left.filter(fits).length > 1) left.splice(index, 1);
    return response;
  };
}

/** Makes a server that follows a scenario. */
export function toHandler(scenario: Scenario): RawHandler {
  const find = createScript(scenario);
  return async (connection, { method, path, headers }) => {
    const response = find(method, path);
    if (response === undefined) return await connection.respond(404, [], "");
    await play(connection, response, `http://${headers.get("host")}`);
  };
}

async function play(
  connection: RawConnection,
  { status = 200, headers, chunks, end }: ScriptedResponse,
  base: string,
): Promise<void> {
  const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
  await connection.start(
    status,
    headers.map(([name, value]) => [
      name,
      value.replace("{EXPIRES}", tomorrow),
    ]),
  );
  for (const chunk of chunks) {
    const { ms = 0 } = typeof chunk === "string" ? {} : chunk;
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    for (const bytes of toPieces(chunk, base)) await connection.send(bytes);
  }
  if (end !== "cut") await connection.end();
}

/** Makes the bytes of a chunk, for a server at `base`. */
export function toPieces(chunk: Chunk, base: string): Uint8Array[] {
  if (typeof chunk === "string") {
    return [toBytes(chunk.replace("{BASE}", base))];
  }
  const { text = "", fill = "", times = 0, tail = "", base64, bytewise } =
    chunk;
  const bytes = base64 === undefined
    ? toBytes(text + fill.repeat(times) + tail)
    : decodeBase64(base64);
  return bytewise ? toSingleBytes(bytes) : [bytes];
}
