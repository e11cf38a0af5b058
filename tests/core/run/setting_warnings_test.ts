import { assertEquals } from "@std/assert";
import { toSettingWarnings } from "../../../core/run/setting_warnings.ts";
import type { ChatSetting } from "../../../core/chat/types.ts";

function carry(...settings: ChatSetting[]) {
  return { settings, imageSettings: [] };
}

Deno.test("toSettingWarnings() warns of each setting that is not carried", () => {
  const options = { temperature: 1, topP: 0.5, maxTokens: 5, model: "grey" };
  const warnings = toSettingWarnings(options, carry("topP"), "grey");
  assertEquals(
    warnings,
    ["temperature", "maxTokens"].map((name) => ({
      type: "warning",
      code: "unsupported-setting",
      message: `Setting "${name}" is ignored: "grey" does not take it`,
    })),
  );
});

Deno.test("toSettingWarnings() warns of stream only where it is false", () => {
  const warn = (stream: boolean | undefined) =>
    toSettingWarnings({ stream }, carry(), "grey").length;
  assertEquals([warn(undefined), warn(true), warn(false)], [0, 0, 1]);
});
