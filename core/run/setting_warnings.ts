/**
 * Settings that a protocol cannot carry.
 *
 * @module
 */

import type { WarningEvent } from "../chat/events.ts";
import {
  CHAT_SETTINGS,
  type ChatOptions,
  type ChatSetting,
} from "../chat/types.ts";

/**
 * Warns of each setting that has no effect.
 *
 * @param options The caller's options.
 * @param carried The settings that the protocol carries.
 * @param model The model id.
 */
export function toSettingWarnings(
  options: ChatOptions,
  carried: readonly ChatSetting[],
  model: string,
): WarningEvent[] {
  return CHAT_SETTINGS.filter((name) =>
    options[name] !== undefined && !carried.includes(name) &&
    // To stream is what happens anyway.
    !(name === "stream" && options.stream === true)
  ).map((name) => ({
    type: "warning",
    code: "unsupported-setting",
    message: `Setting "${name}" is ignored: "${model}" does not take it`,
  }));
}
