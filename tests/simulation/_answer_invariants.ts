import { toAnswer } from "./_answers.ts";
import { STALL } from "./_gateway_caller.ts";
import { findExchanges, type History, type Invariants } from "./_history.ts";
import { isHarmless } from "./_random_faults.ts";
import type { CallerPlan } from "./_world.ts";
import { hasEvents, type Outcome } from "./_outcome.ts";

/** What a server may answer a caller. */
function toAnswers(
  { servers, instances }: History,
  { caller }: Outcome,
): readonly { readonly provider: string; readonly text: string }[] {
  return servers.map(({ voice }, index) => ({
    provider: instances[0]?.providers[index]?.id ?? "",
    text: cutAtStop(
      toAnswer(voice, caller.question, caller.words).join(""),
      caller,
    ),
  }));
}

function cutAtStop(text: string, { stop }: CallerPlan): string {
  return stop === undefined ? text : text.split(stop)[0] ?? "";
}

/** Whether something befell the requests of a caller. */
function isBefallen(history: History, outcome: Outcome): boolean {
  return findExchanges(history, outcome).some(({ faults }) =>
    faults.some((fault) => !isHarmless(fault))
  );
}

/** What must be true of what callers are told. */
export const ANSWER_INVARIANTS: Invariants = {
  *"a stream has one end"({ outcomes }) {
    for (const { caller, ending, problems } of outcomes) {
      if (ending === undefined) yield `Question ${caller.question} has no end`;
      if (ending === "died") continue;
      for (const problem of problems) {
        yield `Question ${caller.question} gets ${problem}`;
      }
    }
  },

  *"a text is a beginning of what a server meant to say"(history) {
    for (const outcome of history.outcomes) {
      const { caller, text } = outcome;
      const answers = toAnswers(history, outcome);
      if (answers.some((answer) => answer.text.startsWith(text))) continue;
      yield `Question ${caller.question} gets ${JSON.stringify(text)}`;
    }
  },

  *"an answer that ends well is whole"(history) {
    for (const outcome of history.outcomes) {
      const { caller, ending, text, provider } = outcome;
      if (ending !== "whole") continue;
      const answers = toAnswers(history, outcome).filter((answer) =>
        provider === undefined || answer.provider === provider ||
        history.world.isOneVoice
      );
      if (answers.some((answer) => answer.text === text)) continue;
      yield `Question ${caller.question} gets from ${provider}: ` +
        JSON.stringify(text);
    }
  },

  *"an answer has as many tokens as its server says"({ outcomes, world }) {
    // Who goes on with an answer counts what it says itself.
    if (world.failover.onPartial === "continue") return;
    for (const { caller, ending, text, tokens, provider = "" } of outcomes) {
      if (ending !== "whole" || caller.form === "tools") continue;
      if (
        caller.stop !== undefined || tokens === undefined ||
        !provider.startsWith("openai")
      ) continue;
      // Where the server does not come to say it, a gateway estimates.
      if ([text.length, Math.ceil(text.length / 4)].includes(tokens)) continue;
      yield `Question ${caller.question} has ${tokens} tokens: ${text}`;
    }
  },

  *"an error has what had come"({ outcomes, world }) {
    for (const { caller, ending, error, text, partial } of outcomes) {
      if (ending !== "failed" || partial === undefined) continue;
      if (!hasEvents(caller)) continue;
      if (world.failover.onPartial === "hold" || text === partial) continue;
      yield `Question ${caller.question} was shown ${JSON.stringify(text)} ` +
        `and gets ${JSON.stringify(partial)} with ${error}`;
    }
  },

  *"nothing fails where nothing befalls"(history) {
    for (const outcome of history.outcomes) {
      const { caller, ending, code, error } = outcome;
      if (ending !== "failed" || caller.wrong !== undefined) continue;
      if (isAllowed(history, outcome) || isBefallen(history, outcome)) continue;
      yield `Question ${caller.question} fails: ${code} ${error}`;
    }
  },

  *"wrong input is refused, and not sent"(history) {
    for (const outcome of history.outcomes) {
      const { caller, ending } = outcome;
      if (caller.wrong === undefined) continue;
      if (findExchanges(history, outcome).length > 0) {
        yield `Question ${caller.question} is sent: ${caller.wrong}`;
      }
      if (ending === "whole") yield `Question ${caller.question} is answered`;
    }
  },

  *"a conversation moves on only with a whole answer"({ outcomes }) {
    for (const { caller, ending, next } of outcomes) {
      if (ending !== "failed" || next === undefined) continue;
      yield `Question ${caller.question} fails, and its chat has moved on`;
    }
  },

  *"no tool runs twice"({ outcomes }) {
    for (const { caller, calls, ending } of outcomes) {
      if (new Set(calls).size < calls.length) {
        yield `Question ${caller.question} runs ${calls.join(", ")}`;
      }
      const isWhole = ending === "whole" && caller.form === "tools";
      if (isWhole && calls.length !== 2) {
        yield `Question ${caller.question} runs ${calls.length} calls`;
      }
    }
  },

  *"a chat has what was said in it, once"(history) {
    for (const outcome of history.outcomes) {
      const { caller, chat } = outcome;
      for (const { server, prompt } of findExchanges(history, outcome)) {
        if (history.world.servers[server]?.kind !== "openai") continue;
        for (const { question, answer } of chat.turns) {
          for (const said of [question, answer]) {
            const count = prompt.split(JSON.stringify(said).slice(1, -1))
              .length - 1;
            if (count === 1) continue;
            yield `Question ${caller.question} has ${count} times: ${said}`;
          }
        }
      }
    }
  },
};

/** Whether a caller may be refused, though all servers are well. */
function isAllowed(
  { world, outcomes }: History,
  { caller, code, startedAt, endedAt = Infinity, instance }: Outcome,
): boolean {
  const hasTrouble = world.steps.some((step) => step.do === "trouble");
  const isShared = outcomes.some((other) =>
    other.caller !== caller && other.caller.chat === caller.chat &&
    other.instance === instance && other.startedAt <= endedAt &&
    (other.endedAt ?? Infinity) >= startedAt
  );
  // Who leaves a chat of chat-ui stops the answer of whoever is in it, too.
  const isStopped = world.servers.some(({ kind }) => kind === "chat-ui") &&
    caller.chat !== undefined;
  return isStopped || (code === "conflict" && isShared) ||
    code === "rate_limit_exceeded" ||
    (hasTrouble && code === "conversation_unavailable") ||
    (code === "Client takes nothing" && (caller.pause?.ms ?? 0) > STALL);
}
