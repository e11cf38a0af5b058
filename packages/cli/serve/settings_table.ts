import type { Timeouts } from "@parley/chat";
import type { BreakerOptions, FailoverOptions } from "@parley/chat/failover";
import type { GatewayLimits, GatewayOptions } from "@parley/gateway";
import { FAILOVER } from "./failover_settings.ts";
import { ACCESS, ANSWERING, LIMITS, NAMING } from "./gateway_settings.ts";
import { KEEPING, LISTENING, SERVERS } from "./program_settings.ts";
import type { Setting } from "./setting.ts";

/** What nobody can write down, or is there for tests. */
type Code = "clock" | "random" | "randomUuid" | "wrapProvider";

/** What `kv` sets. */
type Store = "store";

type Names<T, Left extends string = never> = Exclude<keyof T & string, Left>;

/** Every option of a gateway: one that is new has no setting yet, and no type. */
type GatewayPath =
  | Names<GatewayOptions, Code | "failover" | "limits">
  | `limits.${Names<GatewayLimits, Store>}`
  | `failover.${Names<
    FailoverOptions,
    Code | Store | "breaker" | "timeouts" | "limits"
  >}`
  | `failover.breaker.${Names<BreakerOptions>}`
  | `failover.timeouts.${Names<Timeouts>}`
  | `failover.limits.${Names<NonNullable<FailoverOptions["limits"]>>}`;

/** What a group of settings is about, and the settings by their paths. */
export const GROUPS: Readonly<
  Record<string, Readonly<Record<string, Setting>>>
> = {
  "Where it listens": LISTENING,
  "Who answers": { ...SERVERS, ...NAMING },
  "Who may ask": ACCESS,
  "How it answers": ANSWERING,
  "How much it takes": LIMITS,
  "Failovers": FAILOVER,
  "Conversations, and several instances": KEEPING,
};

/** Every setting by its path, which is also that of the option. */
export const SETTINGS = {
  ...LISTENING,
  ...SERVERS,
  ...NAMING,
  ...ACCESS,
  ...ANSWERING,
  ...LIMITS,
  ...FAILOVER,
  ...KEEPING,
} satisfies Readonly<Record<GatewayPath, Setting>>;

/** The path of a setting. */
export type SettingPath = keyof typeof SETTINGS;

/** What is set. */
export type Settings = {
  readonly [Path in SettingPath]?: Exclude<
    ReturnType<typeof SETTINGS[Path]["kind"]["read"]>,
    undefined
  >;
};

/** What is set below a name: of `limits`, say, each by its own name. */
export type SettingsBelow<Name extends string> = {
  readonly [
    Path in SettingPath as Path extends `${Name}.${infer Rest}`
      ? Rest extends `${string}.${string}` ? never : Rest
      : never
  ]?: Settings[Path];
};

/**
 * Picks what is set below a name.
 *
 * @param settings What is set.
 * @param name The name, such as `failover.breaker`.
 */
export function pickBelow<Name extends string>(
  settings: Settings,
  name: Name,
): SettingsBelow<Name> {
  const start = `${name}.`;
  return Object.fromEntries(
    Object.entries(settings).flatMap(([path, value]) => {
      const rest = path.slice(start.length);
      return path.startsWith(start) && !rest.includes(".")
        ? [[rest, value]]
        : [];
    }),
  ) as SettingsBelow<Name>;
}
