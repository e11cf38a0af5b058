import { findRivals, isOfOne } from "./_answer_invariants.ts";
import { toAnswer, toMind, toThoughts } from "./_answers.ts";
import type { Invariants } from "./_history.ts";
import { DRAFT } from "./_model.ts";
import { toProviderId } from "./_instances.ts";
import { toServedModel } from "./_openai_answer.ts";
import { type Exchange, hasEvents, type Outcome } from "./_outcome.ts";
import { isFirst, isHarmless } from "./_random_faults.ts";

/** The request whose answer a caller got, as far as it is known. */
export function findAnswer(
  { exchanges, provider }: Outcome,
): Exchange | undefined {
  return exchanges.findLast((exchange) => exchange.provider === provider);
}

/** What must be true of callers with a whole answer. */
export const WHOLE_INVARIANTS: Invariants<Outcome> = {
  *"an answer that ends well is whole"(outcome, history) {
    const { world, kinds } = history;
    const { caller, text, provider, meant, calls } = outcome;
    // Who leaves a chat of chat-ui stops the answer of whoever is in it.
    const isStopped = kinds.has("chat-ui") && caller.chat !== undefined &&
      findRivals(history, outcome).length > 0;
    if (isStopped) return;
    const isMeant = meant.some((whole, server) => {
      const plan = world.servers[server];
      // A text alone cannot be put right.
      const isText = whole === text || caller.form === "textStream" &&
          text.endsWith(DRAFT);
      return isText && (provider === undefined || world.isOneVoice ||
        plan && provider === toProviderId(plan, server));
    });
    if (!isMeant) yield `gets from ${provider}: ${JSON.stringify(text)}`;
    if (caller.form !== "tools") return;
    const { question } = caller;
    const wanted = [0, 1].map((call) => `${question}/${call}`).join();
    if (calls.join() !== wanted) yield `runs ${calls}, and not ${wanted}`;
  },

  *"an answer names who gives it"(outcome, { world }) {
    const { caller, provider, model } = outcome;
    const { restartedBy = provider, speaker = provider } = outcome;
    // Who goes on with what was shown may have nothing to add.
    const { onPartial = "restart" } = world.failover;
    const hasSpoken = onPartial !== "continue" && onPartial !== "match";
    if (restartedBy !== provider || hasSpoken && speaker !== provider) {
      yield `is answered by ${provider}, not by ${restartedBy} and ${speaker}`;
    }
    // Who is cut has not said how it is called.
    if (caller.stop !== undefined) return;
    if (findAnswer(outcome)?.plan.kind !== "openai") return;
    if (!hasEvents(caller) && caller.form !== "chunks") return;
    if (model === toServedModel("gpt-4o-mini")) return;
    yield `is answered by ${model}`;
  },

  *"an answer says why it ends"({ caller, finish, ...outcome }, { servers }) {
    const { server = 0, plan } = findAnswer({ caller, ...outcome }) ?? {};
    if (plan === undefined || finish === undefined) return;
    if (caller.form === "pictures") return;
    const { voice = "" } = servers[server] ?? {};
    const words = toAnswer(voice, caller.question, caller.words);
    const said = words.slice(0, plan.most).join("");
    const isCut = outcome.meant[server] !== said;
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
    if (toMind(thought) !== mind) {
      yield `was thought of: ${thought}, not ${mind}`;
    }
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
    const answer = findAnswer(outcome);
    if (answer === undefined || answer.faults.length > 0) return;
    if (answer.plan.kind !== "openai") return;
    const { tokens: told } = answer;
    if (world.over === "gateway" && told === undefined) {
      // Who goes on with an answer counts what it says itself.
      const isOwn = world.failover.onPartial !== "continue" &&
        !answer.plan.thinks;
      if (!isOwn || tokens?.output === Math.ceil(text.length / 4)) return;
    } else if (JSON.stringify(tokens) === JSON.stringify(told)) return;
    yield `costs ${JSON.stringify(tokens)}, of ${JSON.stringify(told)}`;
  },

  *"a server whose answer is cut is left"(outcome, { servers }) {
    const { caller, text, exchanges } = outcome;
    if (caller.stop === undefined || !caller.stream) return;
    if (caller.form === "tools") return;
    for (const { server, plan, isWhole } of exchanges) {
      const { kind, pace, piece } = plan;
      const { voice } = servers[server] ?? {};
      if (voice === undefined || kind !== "openai") continue;
      if (pace === 0 || piece !== undefined) continue;
      const words = toAnswer(voice, caller.question, caller.words);
      const early = words.slice(0, -1).join("");
      if (!isWhole || !early.startsWith(text + caller.stop)) continue;
      yield `has server ${server} go on`;
    }
  },

  *"wrong input is refused"({ caller }) {
    if (caller.wrong !== undefined) yield "is answered";
  },

  *"an answer that its server calls failed is none"(outcome) {
    const { caller } = outcome;
    const { plan, faults: [fault] } = findAnswer(outcome) ?? { faults: [] };
    if (plan?.kind === "chat-ui" || !caller.stream) return;
    if (caller.form === "pictures") return;
    if (fault?.type !== "insert" || isHarmless(fault)) return;
    if (isFirst(fault)) yield "is answered";
  },
};
