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
  const { image = {}, tools = [] } = options;
  const warnings: WarningEvent[] = [];
  function warn(name: string, reason = `"${model}" does not take it`): void {
    warnings.push({
      type: "warning",
      code: "unsupported-setting",
      message: `Setting "${name}" is ignored: ${reason}`,
    });
  }
  for (const name of CHAT_SETTINGS) {
    if (isSet(options, name) && !settings.includes(name)) warn(name);
  }
  for (const name of IMAGE_SETTINGS) {
    const isGiven = image[name] !== undefined;
    if (isGiven && !imageSettings.includes(name)) warn(`image.${name}`);
  }
  for (const name of ["toolChoice", "parallelToolCalls"] as const) {
    if (options[name] === undefined || tools.length > 0) continue;
    // What is no setting of the model has been told.
    if (name === "parallelToolCalls" && !settings.includes(name)) continue;
    warn(name, "there are no tools");
  }
  return warnings;
}
