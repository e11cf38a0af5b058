/**
 * How servers write the kinds of failure.
 *
 * @module
 */

import type { ErrorCode } from "../chat/error_code.ts";

/** What a failure means to the one who asked. */
export interface Failure {
  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
}

/** A kind of failure, and how servers write it. */
export interface FailureRule extends Pick<Failure, "code"> {
  /**
   * Whether the same request may succeed later.
   *
   * @default {false}
   */
  readonly retryable?: boolean;
  /** The statuses that mean it by themselves. */
  readonly statuses?: readonly number[];
  /** What servers call it, in small letters and digits only. */
  readonly names?: RegExp;
  /** How servers word it. */
  readonly words?: RegExp;
  /** Words that say that it is something else. */
  readonly except?: RegExp;
  /** Whether servers also say it with a status of 500 or above. */
  readonly atServerFault?: boolean;
  /** Whether a wait that the server asks for says that it is something else. */
  readonly isFinal?: boolean;
}

/** Joins alternatives, each on a line of its own. */
function words(...alternatives: readonly string[]): RegExp {
  return new RegExp(alternatives.join("|"), "i");
}

/** What a model may be unable to take, beside text. */
const FEATURE =
  "(?:images?|image_url|vision|pictures?|multi-?modal\\w*|audio|video|tools?|tool[ _](?:use|call\\w*|choice)|function[ _]call\\w*)";

/** What may be too long. */
const PROMPT =
  "(?:prompts?|inputs?|messages|conversation|history|total length)";

/**
 * The kinds of failure; the first that fits counts.
 *
 * Where each wording is from: `tests/fixtures/failures.json`.
 */
export const RULES: readonly FailureRule[] = [
  {
    // No money, or all that was bought is used up.
    code: "rate-limit",
    statuses: [402],
    atServerFault: true,
    names:
      /insufficient(?:user)?(?:quota|balance|credit|fund)|^billing|setlimitexceeded|budgetexceeded|paymentrequired|arrearage|exceededcurrentquota|^quotaexceeded|perday|permonth|overdue/,
    words: /* @__PURE__ */ words(
      "insufficient (?:\\w+ ){0,2}(?:balance|credits?|funds|quota)",
      "(?:credits?|balance)\\b.{0,30}\\b(?:too low|exhausted|depleted|used up|insufficient)",
      "out of (?:credits?|funds)|(?:no|any|more|enough) credits\\b(?! were)|can only afford",
      "payment (?:required|method)|\\btrial\\b.{0,20}\\bexpired|arrearage|overdue|account is (?:suspended|in good standing)",
      "余额不足|欠费|额度.{0,6}(?:用尽|不足|失败)",
    ),
  },
  {
    // Nothing says when it is given anew.
    code: "rate-limit",
    isFinal: true,
    atServerFault: true,
    words: /* @__PURE__ */ words(
      "(?:exceed\\w*|reached|used|hit|over)\\b.{0,60}\\b(?:quota|credits?|allocation|spending limit|usage limit)",
      "quota (?:is not enough|(?:has been |is )?(?:exhausted|used up|exceeded))",
      "(?:credit|key) limit exceeded|(?:per[- ]|/ ?)(?:day|month)\\b",
      "(?:daily|monthly) (?:\\w+ ){0,2}limit|usage limit (?:reached|exceeded)|(?:one|some) to continue",
    ),
    except: /per[ -_]?(?:minute|second|hour)/i,
  },
  {
    // More than is allowed in a whole minute.
    code: "rate-limit",
    words: /request too large.*tokens per min/i,
  },
  {
    code: "rate-limit",
    retryable: true,
    statuses: [429],
    atServerFault: true,
    names:
      /ratelimit|throttl|toomanyrequests|resourceexhausted|requestlimit|concurrencylimit|capacityexceeded/,
    words: /* @__PURE__ */ words(
      "rate[ -]?limit|request limit exceeded|throttl|too many (?:\\w+ )?(?:requests|connections)",
      "(?:requests?|tokens?|calls?)(?: \\w+){0,3} (?:per|a) ?(?:second|sec|minute|min|hour|day)\\b",
      "\\b[TR]P[MD]\\b|slow down|concurren\\w+ (?:\\w+ ){0,2}limit",
      "too many tokens\\b.{0,20}\\bwait|within a given time",
      "请求过(?:于频繁|多)|速率限制|频率",
    ),
  },
  {
    code: "content-filter",
    names:
      /content(?:filter|policy)|(?:content|prompt)blocked|moderation|datainspection|responsibleai|prohibitedcontent|^safety|sensitive|censorship/,
    words: /* @__PURE__ */ words(
      "content[ _](?:management )?(?:policy|filter|moderation)",
      "safety (?:system|filter|setting|check|guideline)|\\bmoderat(?:ed|ion)\\b",
      "prohibited[ _]content|jailbreak|guardrail|\\bflagged\\b|inappropriate content|content exists risk|high risk",
      "violat\\w+ .{0,40}(?:polic|guideline|terms)|usage (?:polic|guideline)",
      "sensitive (?:content|information|words?)|\\bnew_sensitive|不安全|敏感|违规",
    ),
  },
  {
    code: "unsupported",
    atServerFault: true,
    words: /* @__PURE__ */ words(
      `\\b${FEATURE}\\b.{0,60}\\b(?:not (?:\\w+ )?(?:supported|enabled|available|allowed)|unsupported|only supported)`,
      `\\b(?:not (?:\\w+ )?(?:support|accept)|(?:doesn|don)['’]?t support|unsupported|cannot (?:see|process|accept|handle)|that supports?|not an?)\\b.{0,40}\\b${FEATURE}\\b`,
      `\\b${FEATURE}\\b.{0,40}\\brequires? --|不支持.{0,6}(?:图|视觉|多模态|工具|函数)`,
      "only supports? text|text-only|not multi-?modal|at most 0 image|unknown variant `?image_url",
      "missing data required for image|\\bmmproj\\b|content must be a string",
    ),
    // The picture is at fault, not the model.
    except:
      /format|mime|media[ _]type|base64|decod|download|fetch|valid image/i,
  },
  {
    code: "unknown-model",
    atServerFault: true,
    names:
      /model(?:is)?not(?:found|exist|supported|available|deployed|open)|(?:unknown|invalid|nosuch)model|model(?:decommissioned|deprecated)|deploymentnotfound/,
    words: /* @__PURE__ */ words(
      "\\bmodels?\\b.{0,120}\\b(?:not (?:be )?(?:found|exist\\w*|deployed|recogni[sz]ed)|no longer|does(?:n['’]?t| not) exist|is unknown|decommissioned|deprecated|retired|was removed)",
      "\\b(?:(?:can)?not find|not found|unknown|unsupported|invalid|no such|not a valid|unrecogni[sz]ed|unable to access|access to)(?: \\w+){0,2} models?\\b(?! (?:input|output|response|parameter))",
      "\\bmodel identifier is invalid|no (?:endpoints found|allowed providers)|available channel for model|deployment for this resource|^models?: \\S+$|\\bno models? (?:with|named|loaded)\\b|模型.{0,20}(?:不存在|无可用)|not (?:a|support) chat\\b",
      "\\bmodel\\b(?!.*\\b(?:parameter|param|field|argument|option)\\b).{0,80}\\b(?:is not|are not|isn['’]t) (?:supported|available|valid)",
    ),
    // It is there, and will be ready.
    except: /loading|not ready|currently|temporar|busy|overloaded|capacity/i,
  },
  {
    code: "authentication",
    statuses: [401, 403, 407, 451],
    names:
      /^apikey|invalidapikey|^authentication|unauth(?:orized|enticated)|(?:permission|access)denied|^(?:permission|forbidden)$/,
    words: /* @__PURE__ */ words(
      "(?:invalid|incorrect|wrong|bad|expired|missing|no|malformed|revoked|disabled)(?: \\w+){0,2} (?:(?:x-)?api[ _-]?key|subscription key|access token|credentials?|authori[sz]ation|authentication|bearer token)",
      "api[ _-]?key\\b.{0,40}\\b(?:not (?:valid|found|provided|set)|invalid|incorrect|expired|missing|required|revoked|disabled)",
      "(?:access|security|auth\\w*) token\\b.{0,40}\\b(?:invalid|expired|not valid)|login fail",
      "^invalid token\\b.?$|token (?:has |is )?expired|access denied|not authori[sz]ed|身份验证|令牌",
      "unauthori[sz]ed|authentication (?:failed|required|error)|not authenticated|provide an api key",
      "(?:location|country|region).{0,30} not supported",
    ),
  },
  {
    code: "context-length",
    names:
      /context(?:length|size|window|overflow)|maxprompttokens|stringabovemax|tokenslimitreached|(?:prompt|input)toolong/,
    words: /* @__PURE__ */ words(
      "context[ _-]?(?:length|window|size|limit|overflow)|\\bn_ctx\\b",
      "max(?:imum)?[ _](?:seq(?:uence)?|model|(?:allowed )?(?:input|prompt))[ _](?:len\\w*|tokens?)",
      `\\b${PROMPT}\\b.{0,60}\\b(?:too (?:long|large|many tokens)|longer than|greater than|exceeds?\\b.{0,40}\\b(?:length|tokens?|limit))`,
      "request\\b.{0,60}\\b(?:too long|too many tokens|exceed\\w*\\b.{0,40}\\btokens?)",
      "too many (?:input |prompt )?tokens|range of input length|max input characters",
      "(?:exceed\\w*|more than|less than|fewer than|up to|maximum)\\b.{0,50}\\btokens\\b",
      "(?:\\b|_)tokens?\\b.{0,40}\\b(?:exceed\\w*|limit|above the max\\w*|too (?:long|large)|must be (?:<=|less|at most))",
      "(?:reduce|shorten)\\b.{0,30}\\b(?:messages|prompt|input)|current length is|got -\\d",
      "超长|过长|长度.{0,8}超",
    ),
    // How long the answer may be, or a picture, is not the prompt's length.
    except:
      /^(?!.*(?:context|prompt|input|messages)).*(?:max_(?:\w+_)?tokens(?!.*got -)|completion tokens|(?:access|auth|bearer|api) token)|\bimage(?!.*\btokens?\b)|\bfile\b|bytes|\bMB\b/i,
  },
  {
    code: "bad-response",
    statuses: [300, 301, 302, 303, 304, 305, 306, 307, 308],
  },
  {
    code: "upstream",
    retryable: true,
    // Nginx writes 444 and 499 where it was given up itself.
    statuses: [408, 421, 423, 425, 444, 499],
    // It may pass, whatever the status says; Groq's model wrote no JSON.
    words:
      /overloaded|at capacity|high demand|crashed|unloaded|failed_generation|(?:is|currently) (?:loading|warming|busy)/i,
  },
  // The server behind the one that was asked failed.
  { code: "upstream", statuses: [424] },
  { code: "not-found", statuses: [404, 410], names: /^notfound$/ },
  { code: "conflict", statuses: [409], names: /^aborted$/ },
  { code: "too-large", statuses: [413, 431, 494], names: /^requesttoolarge$/ },
  {
    code: "invalid-request",
    names:
      /^(?:invalid(?:argument|request)|badrequest|validation|failedprecondition)$/,
  },
];
