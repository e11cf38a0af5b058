import { toAnswer, toMind, toThoughts } from "./_answers.ts";
import {
  findAnswer,
  findRivals,
  hasEvents,
  isBefallen,
  isOfOne,
  RELEASE,
  toOwnTime,
} from "./_facts.ts";
import type { Laws } from "./_history.ts";
import { toProviderId } from "./_instances.ts";
import { DRAFT } from "./_model.ts";
import { toServedModel } from "./_openai_answer.ts";
import type { Outcome } from "./_outcome.ts";
import { isFirst, isHarmless, SECRET } from "./_random_faults.ts";

/** How many milliseconds a run may take. */
const TOTAL = 600_000;

/** Leaves out the beginning of a tag, which is shown where an answer breaks off. */
function withoutTag(text: string): string {
  return text.replace(/<\/?\w*$/, "");
}

/** What must be true at any time of what callers have been shown. */
export const SHOWN_LAWS: Laws<Outcome> = {
  *"a stream has one end"({ ending, problems }) {
    if (ending === "died") return;
    for (const problem of problems) yield `gets ${problem}`;
  },

  *"a text is a beginning of what a server meant to say"(
    { caller: { stop = "", total, form }, ending, text, meant, exchanges },
    { isOnTime },
  ) {
    // Where an answer breaks off, the beginning of a stop word is shown, too.
    const mayBreak = total !== undefined || !isOnTime ||
      text.includes(DRAFT) || exchanges.some(isBefallen);
    const isFinal = ending === "whole" && form !== "textStream";
    const rest = mayBreak && !isFinal ? stop.slice(0, -1) : "";
    // What was streamed in the place of a word is put right in the end.
    const [shown = ""] = withoutTag(text).split(DRAFT);
    if (meant.some((whole) => (whole + rest).startsWith(shown))) return;
    yield `gets ${JSON.stringify(text)}`;
  },

  *"a thought is a beginning of what a server thinks"(outcome, history) {
    const { caller: { question }, thought } = outcome;
    // What is compared is thought but once.
    const isCompared = history.world.failover.onPartial === "match";
    if (!isCompared && !isOfOne(outcome, history)) return;
    const mind = toMind(toThoughts(question).join(""));
    if (mind.startsWith(withoutTag(toMind(thought)))) return;
    yield `is thought of: ${thought}`;
  },

  *"no tool runs twice"({ calls }) {
    if (new Set(calls).size === calls.length) return;
    yield `runs ${calls.join(", ")}`;
  },
};

/** What must be true of callers when they are done. */
export const ENDING_LAWS: Laws<Outcome> = {
  *"an answer begins anew only where it may, and says why"(
    { reasons, attempts = [] },
    { world: { over, failover: { onPartial } } },
  ) {
    if (over !== "failover" || reasons.length === 0) return;
    if (onPartial !== "restart") yield `begins anew: ${reasons.join()}`;
    const codes = attempts.map(({ code = "" }): string => code);
    for (const reason of reasons) {
      if (codes.splice(0, codes.indexOf(reason) + 1).length > 0) continue;
      yield `begins anew for "${reason}"`;
    }
  },

  *"nobody is told a secret"({ error, attempts, refusal }) {
    if (error === undefined && refusal === undefined) return;
    const told = `${refusal} ${JSON.stringify(attempts)} ` +
      Deno.inspect(error, { depth: 9 });
    if (told.includes(SECRET)) yield `is told the key: ${told}`;
    if (/answer in \d/.test(told)) yield `is told what it asked: ${told}`;
  },

  *"who leaves gets the reason for it"(outcome, { world }) {
    const { caller, ending, error, reason, code } = outcome;
    // Its own time may be over before.
    if (code === "conflict" || code === "timeout") return;
    if (ending !== "left" || caller.wrong || world.over === "gateway") return;
    if (error === undefined || error === reason) return;
    // Who only stops to read is told that it has.
    if (Object(error).name === "AbortError" && caller.form === "result") return;
    yield `leaves for ${reason}: ${error}`;
  },

  *"a run ends in time"({ caller, startedAt, ...outcome }, { isOnTime }) {
    // Each step of several has its time. The clock of a system never goes back.
    if (caller.form === "tools" || !isOnTime) return;
    const took = (outcome.endedAt ?? Infinity) - startedAt;
    const longest = (caller.total ?? TOTAL) + toOwnTime(caller) + RELEASE;
    if (took > longest) yield `took ${took} ms`;
  },
};

/** What must be true of callers with a whole answer. */
export const WHOLE_LAWS: Laws<Outcome> = {
  *"an answer that ends well is whole"(outcome, history) {
    const { world: { isOneVoice, servers }, kinds } = history;
    const { caller, text, provider, meant, calls } = outcome;
    // Who leaves a chat of chat-ui stops the answer of whoever is in it.
    const isStopped = kinds.has("chat-ui") && caller.chat !== undefined &&
      findRivals(history, outcome).length > 0;
    if (isStopped) return;
    const isMeant = meant.some((whole, server) => {
      const plan = servers[server];
      // A text alone cannot be put right.
      const isText = whole === text || caller.form === "textStream" &&
          text.endsWith(DRAFT);
      return isText && (provider === undefined || isOneVoice ||
        plan && provider === toProviderId(plan, server));
    });
    if (!isMeant) yield `gets from ${provider}: ${JSON.stringify(text)}`;
    if (caller.form !== "tools") return;
    const wanted = [0, 1].map((call) => `${caller.question}/${call}`).join();
    if (calls.join() !== wanted) yield `runs ${calls}, and not ${wanted}`;
  },

  *"an answer names who gives it"(outcome, history) {
    const { caller, provider, model } = outcome;
    const { announced = provider, speaker = provider } = outcome;
    // Who goes on with what was shown may have nothing to add.
    const { onPartial = "restart" } = history.world.failover;
    const hasSpoken = onPartial !== "continue" && onPartial !== "match";
    if (announced !== provider || hasSpoken && speaker !== provider) {
      yield `is answered by ${provider}, not by ${announced} and ${speaker}`;
    }
    const { kind } = findAnswer(outcome)?.plan ?? {};
    const isTitled = outcome.title !== undefined && kind === "openai";
    if (isTitled && isOfOne(outcome, history)) {
      yield `has the title ${outcome.title}, and is answered by ${kind}`;
    }
    // Who is cut has not said how it is called.
    if (caller.stop !== undefined) return;
    if (kind !== "openai") return;
    if (!hasEvents(caller) && caller.form !== "chunks") return;
    if (model === toServedModel("gpt-4o-mini")) return;
    yield `is answered by ${model}`;
  },

  *"an answer says why it ends"(outcome, { servers }) {
    const { caller, finish, meant } = outcome;
    const { server = 0, plan } = findAnswer(outcome) ?? {};
    if (plan === undefined || finish === undefined) return;
    if (caller.form === "pictures") return;
    const { voice = "" } = servers[server] ?? {};
    const words = toAnswer(voice, caller.question, caller.words);
    const said = words.slice(0, plan.most).join("");
    const isCut = meant[server] !== said;
    const isShort = !isCut && said !== words.join("");
    const wanted = isShort ? "length" : "stop";
    // One of chat-ui may be stopped by others, unless it was left before.
    if (finish === wanted || plan.kind === "chat-ui" && !isCut) return;
    yield `ends by ${finish}, and not by ${wanted}`;
  },

  *"an answer comes with all that was thought"(outcome, history) {
    const { caller: { form, question }, thought } = outcome;
    const { plan } = findAnswer(outcome) ?? {};
    if (plan?.kind !== "openai" || !isOfOne(outcome, history)) return;
    if (["tools", "pictures", "textStream", "response"].includes(form)) return;
    const mind = plan.thinks ? toMind(toThoughts(question).join("")) : "";
    if (toMind(thought) === mind) return;
    yield `was thought of: ${thought}, not ${mind}`;
  },

  *"what a server does not take is told"(outcome, { kinds, world }) {
    const { caller: { sets, form }, warnings } = outcome;
    const { plan } = findAnswer(outcome) ?? {};
    if (plan === undefined || !sets) return;
    if (["tools", "textStream", "response"].includes(form)) return;
    const { length } = warnings.filter((code) =>
      code === "unsupported-setting"
    );
    // It may have been told by one who failed then.
    const isRight = plan.kind !== "openai"
      ? length >= 2 && (length < 4 || world.over !== "provider")
      : length === 0 || [...kinds].join() !== "openai";
    if (!isRight) yield `is told ${length} times of it by ${plan.kind}`;
  },

  *"an answer costs what its server says"(outcome, { world }) {
    const { caller: { form, stop, total }, text, tokens } = outcome;
    if (["tools", "pictures", "textStream"].includes(form)) return;
    // A text alone tells nothing of it, nor does an answer that was cut, and who
    // has no more time does not wait for it.
    if (stop !== undefined || total !== undefined) return;
    const { plan, faults, tokens: told } = findAnswer(outcome) ?? {};
    if (plan?.kind !== "openai" || faults?.length !== 0) return;
    if (world.over === "gateway" && told === undefined) {
      // Who goes on with an answer counts what it says itself.
      const isOwn = world.failover.onPartial !== "continue" && !plan.thinks;
      if (!isOwn || tokens?.output === Math.ceil(text.length / 4)) return;
    } else if (JSON.stringify(tokens) === JSON.stringify(told)) return;
    yield `costs ${JSON.stringify(tokens)}, of ${JSON.stringify(told)}`;
  },

  *"a server whose answer is cut is left"(outcome, { servers }) {
    const { caller: { form, stop, stream, question, words }, text } = outcome;
    if (stop === undefined || !stream || form === "tools") return;
    for (const { server, plan, isWhole } of outcome.exchanges) {
      const { kind, pace, piece } = plan;
      const { voice = "" } = servers[server] ?? {};
      if (kind !== "openai" || pace === 0 || piece !== undefined) continue;
      const early = toAnswer(voice, question, words).slice(0, -1).join("");
      if (!isWhole || !early.startsWith(text + stop)) continue;
      yield `has server ${server} go on`;
    }
  },

  *"an answer that its server calls failed is none"(outcome) {
    const { caller: { stream, form } } = outcome;
    const { plan, faults: [fault] } = findAnswer(outcome) ?? { faults: [] };
    if (plan?.kind === "chat-ui" || !stream || form === "pictures") return;
    if (fault?.type !== "insert" || isHarmless(fault)) return;
    if (isFirst(fault)) yield "is answered";
  },
};
