/** The rooms of a folder, each above what it uses. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "core/": ["streams", "chat", "http", "run", "openai", "chat_ui"],
  "packages/gateway/": [
    "options",
    "http",
    "models",
    "conversations",
    "chat",
    "responses",
    "images",
    "page",
  ],
  "packages/cli/": [
    "terminal",
    "settings",
    "models",
    "chats",
    "answers",
    "commands",
    "serve",
  ],
};

/** The files outside of the rooms. */
export const ENTRY_POINTS: Readonly<Record<string, readonly string[]>> = {
  "core/": ["provider.ts"],
  "packages/gateway/": ["gateway.ts", "mod.ts"],
  "packages/cli/": ["main.ts", "parley.ts"],
};

/** Who may import what: the first rule that fits a path counts. */
export const RULES: readonly {
  readonly from: RegExp;
  readonly may: readonly RegExp[];
}[] = [
  { from: /^mod\.ts$/, may: [/^core\//, /^providers\/[a-z]\w*\.ts$/] },
  {
    from: /^core\//,
    may: [/^core\//, /^zod\/v4\/core$/, /^@std\/uuid(?:\/|$)/],
  },
  {
    from: /^providers\/registry\.ts$/,
    may: [/^core\//, /^providers\/[a-z]\w*\.ts$/],
  },
  { from: /^providers\//, may: [/^core\//] },
  {
    from: /^(?:health|telemetry)\//,
    may: [
      /^(?:(?:failover|tools)\/)?mod\.ts$|^(?:core|health|telemetry)\//,
    ],
  },
  {
    from: /^failover\//,
    may: [/^mod\.ts$/, /^(?:core|failover)\//, /^zod\/mini$/],
  },
  {
    from: /^tools\//,
    may: [/^mod\.ts$/, /^(?:core|tools)\//, /^zod\/mini$/],
  },
  {
    // It is published as a bundle, and what it is made of is not.
    from: /^packages\/gateway\/page\/source\//,
    may: [
      /^packages\/gateway\/page\/source\//,
      /^(?:character-entities-html4|idb|marked)$/,
      /^highlight\.js(?:\/|$)/,
    ],
  },
  {
    from: /^packages\/gateway\/(?!tests\/)/,
    may: [
      /^@parley\/chat(?:\/|$)/,
      /^packages\/gateway\/(?!page\/source\/)/,
      /^zod\/mini$/,
      /^@std\/(?:encoding|uuid)(?:\/|$)/,
      /^hono(?:\/|$)/,
    ],
  },
  {
    from: /^packages\/ai-sdk\/(?!tests\/)/,
    may: [
      /^packages\/ai-sdk\//,
      /^@(?:parley\/chat(?:\/(?:provider|tools))?|ai-sdk\/provider)$/,
    ],
  },
  {
    from: /^packages\/cli\/(?!tests\/)/,
    may: [
      /^packages\/cli\//,
      /^@parley\/(?:chat|gateway|testing)(?:\/|$)/,
      /^@std\/(?:async|cli|streams|text)(?:\/|$)/,
      /^@hono\/node-server$/,
      /^(?:marked|string-width)$/,
      /^node:(?:buffer|http|net|readline|sqlite|stream|util)$/,
      /^zod\/mini$/,
    ],
  },
  {
    from: /^packages\/testing\/(?!tests\/)/,
    // Its servers share no view of a protocol with the providers.
    may: [
      /^packages\/testing\//,
      /^@parley\/chat(?:\/provider)?$/,
      /^@std\/streams(?:\/|$)/,
      /^node:(?:net|v8|vm)$/,
      /^zod\/mini$/,
      /^devalue$/,
    ],
  },
];
