// Clients that people use call tools and ask for objects through a gateway, over
// sockets. They come from npm, into a folder of their own.
import { assertEquals } from "@std/assert";
import { createOpenAiCompatible } from "@parley/chat";
import { open } from "../_gateway.ts";
import { TestServer } from "../_server.ts";
import { answerAsModel } from "./_model.ts";

const PACKAGES = {
  "@ai-sdk/openai": "^4.0.118",
  "@ai-sdk/openai-compatible": "^3.0.92",
  "@langchain/core": "^1.2.13",
  "@langchain/openai": "^1.6.0",
  "@mastra/core": "^1.71.0",
  "@openai/agents": "^0.20.0",
  "@qwen-code/qwen-code": "^0.24.4",
  "ai": "^7.0.173",
  "langchain": "^1.5.14",
  "openai": "^7.57.0",
  "zod": "^4.6.7",
};

const CITY = { city: "Ulm" };
const INPUT = JSON.stringify(CITY);
const RAIN = "It is rain in Ulm";
const AI_SDK = {
  "generateText with tools": [RAIN, 2],
  "streamText with tools": [RAIN, 2],
  "generateObject": CITY,
  "Output.object": CITY,
  "Output.object with tools": CITY,
};

/** What each client does, and what comes of it. */
const USES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "openai": {
    "create with tools": ["weather", INPUT, "It is rain"],
    "create with tools, streamed": INPUT,
    "runTools": RAIN,
    "runTools, streamed": [RAIN, INPUT],
    "parse": CITY,
    "stream with an object": CITY,
    "stream with tool events": [["weather", CITY]],
  },
  "ai": Object.fromEntries(
    ["openai", "openai-compatible"].flatMap((kind) =>
      Object.entries(AI_SDK).map(([name, value]) => [`${name}, ${kind}`, value])
    ),
  ),
  "@openai/agents": {
    "tool": RAIN,
    "tool, streamed": RAIN,
    "handoff": [RAIN, "Weather"],
    "outputType": CITY,
    "outputType with tools": CITY,
  },
  "@langchain/openai": {
    "bindTools": RAIN,
    "bindTools, streamed": CITY,
    "createAgent": RAIN,
    "withStructuredOutput by a schema": CITY,
    "withStructuredOutput by JSON": CITY,
    "withStructuredOutput by a tool": CITY,
  },
  "@mastra/core": { "generate": RAIN, "stream": RAIN },
  "@qwen-code/qwen-code": { "a task that reads a file": true },
};

/** Runs a client, for which there is nothing to ask but the gateway. */
const RUN = [
  "run",
  "--no-prompt",
  "--allow-net=127.0.0.1",
  ..."env ffi read run sys write".split(" ").map((name) => `--allow-${name}`),
];

/** Runs a program in a folder. */
async function run(
  folder: string,
  program: string | URL,
  ...args: string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).slice(-2_000));
}

/** Installs the clients; `undefined` where npm cannot have them. */
async function install(): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "parley_clients_" }) + "/";
  const manifest = { type: "module", dependencies: PACKAGES };
  await Deno.writeTextFile(
    `${folder}package.json`,
    JSON.stringify(manifest),
  );
  await Deno.copyFile(
    new URL("clients.js", import.meta.url),
    `${folder}clients.js`,
  );
  try {
    // They want other versions of each other than they get along with.
    const options = ["--silent", "--no-audit", "--no-fund"];
    await run(folder, "npm", "install", "--legacy-peer-deps", ...options);
    return folder;
  } catch {
    await Deno.remove(folder, { recursive: true });
    return undefined;
  }
}

const folder = await install();
const skipped = folder === undefined ? ", skipped, for npm has none" : "";

for (const [client, uses] of Object.entries(USES)) {
  for (const model of ["Server/small", "routed"]) {
    Deno.test({
      name: `${client} asks ${model} for calls and objects${skipped}`,
      ignore: folder === undefined,
      async fn() {
        await using upstream = new TestServer(answerAsModel);
        const provider = createOpenAiCompatible({
          id: "Server",
          baseUrl: `${upstream.origin}/v1`,
          models: ["small"],
        });
        const down = createOpenAiCompatible({
          id: "Down",
          baseUrl: "http://127.0.0.1:1/v1",
          models: ["none"],
        });
        const routes = { routed: [down, provider] };
        const gateway = open({ providers: [provider], routes });
        await using server = new TestServer(gateway);
        await run(
          folder ?? "",
          Deno.execPath(),
          ...RUN,
          "clients.js",
          client,
          `${server.origin}/v1`,
          model,
          folder ?? "",
        );
        const outcomes = await Deno.readTextFile(`${folder}outcomes.json`);
        assertEquals(JSON.parse(outcomes), uses);
      },
    });
  }
}

addEventListener("unload", () => {
  if (folder !== undefined) Deno.removeSync(folder, { recursive: true });
});
