/**
 * What a provider can carry of what a caller asks. Types only.
 *
 * @module
 */

import type { OutputSupport, ToolSupport } from "./tools.ts";
import type { ChatSetting, ImageSetting } from "./types.ts";

/** What a provider can carry of what a caller asks. */
export interface ProviderAbilities {
  /**
   * Whether messages may hold pictures.
   *
   * @default {false}
   */
  readonly acceptsImages?: boolean | undefined;
  /**
   * The settings that the protocol carries; the caller is warned of others.
   *
   * @default {[]}
   */
  readonly settings?: readonly ChatSetting[] | undefined;
  /**
   * What the protocol carries of `image`; the caller is warned of the rest.
   *
   * @default {[]}
   */
  readonly imageSettings?: readonly ImageSetting[] | undefined;
  /**
   * How tools are taken: natively, where `respond` sends the tools of the run
   * and yields `tool-call-delta` events.
   *
   * @default {"none"}
   */
  readonly toolSupport?: ToolSupport | undefined;
  /**
   * What is taken at best where an object is asked for; `respond` sends
   * the `output` of the run.
   *
   * @default {"none"}
   */
  readonly outputSupport?: OutputSupport | undefined;
  /**
   * Whether tools and an object can be asked for in one request. Otherwise the
   * object is asked for as the input of one more tool.
   *
   * @default {false}
   */
  readonly outputWithTools?: boolean | undefined;
  /**
   * The fields of the request's body that the provider writes, which `extraBody`
   * may not name. Without them the provider takes no `extraBody`.
   */
  readonly bodyFields?: readonly string[] | undefined;
}
