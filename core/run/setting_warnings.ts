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
  type ImageSetting,
} from "../chat/types.ts";

/** The settings that a protocol carries. */
export interface CarriedSettings {
  /** Those of any answer. */
  readonly settings: readonly ChatSetting[];
  /** Those of pictures. */
  readonly imageSettings: readonly ImageSetting[];
}

const IMAGE_SETTINGS: readonly ImageSetting[] = ["count", "size", "quality"];

/** Whether a setting asks for something else than what happens anyway. */
function isSet(options: ChatOptions, name: ChatSetting): boolean {
  const { [name]: value, enforceStop } = options;
  if (name === "stream" && value === true) return false;
  return value !== undefined && !(name === "stop" && enforceStop === true);
}

/**
 * Warns of each setting that has no effect.
 *
 * @param options The caller's options.
 * @param carried The settings that the protocol carries.
 * @param model The model id.
 */
export function toSettingWarnings(
  options: ChatOptions,
  { settings, imageSettings }: CarriedSettings,
  model: string,
): WarningEvent[] {
  const toWarning = (name: string, reason: string): WarningEvent => ({
    type: "warning",
    code: "unsupported-setting",
    message: `Setting "${name}" is ignored: ${reason}`,
  });
  const notTaken = `"${model}" does not take it`;
  const hasTools = options.tools !== undefined && options.tools.length > 0;
  const toolOptions = ["toolChoice", "parallelToolCalls"] as const;
  return [
    ...CHAT_SETTINGS
      .filter((name) => isSet(options, name) && !settings.includes(name))
      .map((name) => toWarning(name, notTaken)),
    ...IMAGE_SETTINGS
      .filter((name) =>
        options.image?.[name] !== undefined && !imageSettings.includes(name)
      )
      .map((name) => toWarning(`image.${name}`, notTaken)),
    ...toolOptions
      .filter((name) => options[name] !== undefined && !hasTools)
      .filter((name) => name === "toolChoice" || settings.includes(name))
      .map((name) => toWarning(name, "there are no tools")),
  ];
}
