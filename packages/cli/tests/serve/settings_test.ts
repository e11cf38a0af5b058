import { assert, assertEquals, assertRejects } from "@std/assert";
import { createAmigoChat } from "@parley/chat";
import { createGateway } from "@parley/gateway";
import { UsageError } from "../../terminal/exit_code.ts";
import { isOpen, toGatewayOptions } from "../../serve/gateway_options.ts";
import { PATHS, readSettings } from "../../serve/read_settings.ts";
import { type Setting, toFlag, toVariable } from "../../serve/setting.ts";
import { GROUPS, SETTINGS, type Settings } from "../../serve/settings_table.ts";
import { HELP } from "../../serve/settings_help.ts";

const ROWS: readonly (readonly [path: string, setting: Setting])[] = Object
  .entries(SETTINGS);

/** What a command line, an environment or a file sets. */
interface Given {
  readonly args?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly file?: unknown;
}

function read({ args = [], variables = {}, file }: Given) {
  return readSettings({
    args: file === undefined ? args : [...args, "--config", "parley.json"],
    variables,
    readTextFile: () =>
      Promise.resolve(typeof file === "string" ? file : JSON.stringify(file)),
  });
}

/** Puts a value below the names of its path. */
function nest(path: string, value: unknown): unknown {
  return path.split(".").reduceRight<unknown>(
    (inner, name) => ({ [name]: inner }),
    value,
  );
}

for (const [path, { kind, example }] of ROWS) {
  Deno.test(`${path} is a flag, a variable and an entry of a file`, async () => {
    const expected: unknown = kind.read(example);
    assert(expected !== undefined);
    const flag = toFlag(path);
    const args = kind.placeholder === ""
      ? [`--${expected === true ? "" : "no-"}${flag}`]
      : [`--${flag}`, example];
    const ways: readonly Given[] = path === "config" ? [] : [
      { args },
      { variables: { [toVariable(path)]: example } },
      { file: nest(path, example) },
      // As JSON has it.
      { file: nest(path, expected) },
    ];
    for (const way of ways) {
      const { config: _, ...settings } = await read(way) ?? {};
      assertEquals<unknown>(settings, { [path]: expected });
    }
  });
}

Deno.test("every setting that a gateway has reaches it as it is", () => {
  const settings: Settings = Object.fromEntries(
    ROWS.map(([path, { kind, example }]) => [path, kind.read(example)]),
  );
  const provider = createAmigoChat();
  const options = toGatewayOptions({
    settings: { ...settings, routes: { best: ["amigochat/gpt-4o"] } },
    providers: [provider],
    log() {},
  });
  createGateway({ ...options, aliases: { mini: "best" } });
  const { hosts, routes, conversations, ...others } = options;
  assertEquals(hosts, ["localhost", "127.0.0.1", "[::1]", "gateway.lan"]);
  assertEquals(routes?.best, [{ provider, model: "gpt-4o" }]);
  assertEquals(conversations, undefined);
  const own = /^(?:config|hostname|port|openai|servers|kv|conversation)/;
  for (const path of PATHS) {
    const [name = ""] = path.split(".");
    if (own.test(path) || !Object.hasOwn(others, name)) continue;
    if (path === "providers" || path === "log") continue;
    const value = path.split(".").reduce<unknown>(
      (inner, name) => Reflect.get(Object(inner), name),
      others,
    );
    assertEquals<unknown>(value, settings[path], path);
  }
});

Deno.test("readSettings() takes a flag with a value", async () => {
  const args = ["--page=false", "--allow-anonymous=true", "--port=1"];
  assertEquals(await read({ args }), {
    page: false,
    allowAnonymous: true,
    port: 1,
  });
});

Deno.test("readSettings() takes a flag before a variable, and that before a file", async () => {
  const file = { port: 1, hostname: "a", origins: ["a"] };
  const settings = await read({
    args: ["--port=3"],
    variables: { PARLEY_PORT: "2", PARLEY_HOSTNAME: "b", PARLEY_ORIGINS: " " },
    file,
  });
  assertEquals(settings, {
    config: "parley.json",
    port: 3,
    hostname: "b",
    origins: ["a"],
  });
});

const SECRET = "sk-0123456789abcdef";

for (
  const [given, message] of [
    [
      { args: ["--limits-body-byte", SECRET] },
      'Option "--limits-body-byte" is unknown: did you mean "--limits-body-bytes"?',
    ],
    [
      { variables: { PARLEY_API_KEYS: "," } },
      "PARLEY_API_KEYS must be keys, with commas between them",
    ],
    [{ args: ["--page=maybe"] }, "--page must be true or false"],
    [{ args: ["--port"] }, 'Option "--port" needs a value'],
    [{ args: ["8000"] }, '"8000" is no option: see "parley serve --help"'],
    [
      { variables: { PARLEY_PROT: SECRET } },
      'Variable "PARLEY_PROT" is unknown: did you mean "PARLEY_PORT"?',
    ],
    [
      { variables: { PARLEY_FROBNICATION: SECRET } },
      'Variable "PARLEY_FROBNICATION" is unknown: see "parley serve --help"',
    ],
    [
      { file: { limit: { bodyBytes: SECRET } } },
      '"limit" in "parley.json" is unknown: did you mean "limits"?',
    ],
    [
      { file: { failover: { breaker: { failure: SECRET } } } },
      '"failover.breaker.failure" in "parley.json" is unknown: did you mean ' +
      '"failover.breaker.failures"?',
    ],
    [
      { file: `{ "port": ${SECRET} }` },
      'File "parley.json" of --config is not an object of JSON',
    ],
    [
      { variables: { PARLEY_PORT: "65536" } },
      "PARLEY_PORT must be a whole number from 0 to 65535",
    ],
    [{ args: ["--port", SECRET] }, "--port must be a whole number"],
    [
      { args: ["--hold-head", "30"] },
      "--hold-head must be a time with its unit, such as 500ms, 30s or 5m, " +
      'or "none"',
    ],
    [
      { args: ["--failover-strategy", SECRET] },
      '--failover-strategy must be "ordered" or "round-robin" or "weighted"',
    ],
    [
      { variables: { PARLEY_CONVERSATION_KEY: "short" } },
      "PARLEY_CONVERSATION_KEY must be at least 32 characters",
    ],
    [
      { variables: { PARLEY_ROUTES: '{"best":["openai"]}' } },
      "PARLEY_ROUTES must be failovers by their names, such as",
    ],
    [
      { file: { servers: { local: "http://127.0.0.1" } } },
      '"servers" in "parley.json" must be servers by their names, such as',
    ],
  ] satisfies readonly (readonly [Given, string])[]
) {
  Deno.test(`readSettings() says: ${message}`, async () => {
    const error = await assertRejects(() => read(given), UsageError, message);
    assertEquals(error.message.includes(SECRET), false);
  });
}

Deno.test("the help tells every setting in 80 columns", async () => {
  for (const path of PATHS) assert(HELP.includes(`  --${toFlag(path)}`), path);
  assertEquals(HELP.split("\n").filter((line) => line.length > 80), []);
  assertEquals(await read({ args: ["--help"] }), undefined);
});

Deno.test("the documentation tells every setting", async () => {
  const page = await Deno.readTextFile(
    new URL("../../../../docs/gateway.md", import.meta.url),
  );
  // A table is padded where it is formatted.
  const squeeze = (text: string) =>
    text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
  const lines = Object.entries(GROUPS).flatMap(([title, settings]) => [
    `### ${title}\n`,
    ...Object.entries<Setting>(settings).map((
      [path, { about, byDefault = "" }],
    ) =>
      `| \`--${toFlag(path)}\` | \`${toVariable(path)}\` | ${
        about.replaceAll("|", "\\|")
      } | ${byDefault} |`
    ),
  ]);
  for (const line of lines) {
    assert(squeeze(page).includes(squeeze(line)), line);
  }
});

Deno.test("isOpen() lets nobody in from elsewhere without a key", () => {
  for (
    const [settings, expected] of [
      [{}, true],
      [{ hostname: "127.0.0.2" }, true],
      [{ hostname: "::1" }, true],
      [{ hostname: "0.0.0.0" }, false],
      [{ hostname: "127.0.0.1.example" }, false],
      [{ apiKeys: ["ours"] }, false],
      [{ hostname: "0.0.0.0", allowAnonymous: true }, true],
    ] as const
  ) assertEquals(isOpen(settings), expected, JSON.stringify(settings));
});
