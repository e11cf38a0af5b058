import type { AnswerCall, ToolAnswer, ToolQuirk } from "./tool_answer.ts";

type Json = Readonly<Record<string, unknown>>;
type Quirks = ReadonlySet<ToolQuirk>;

/** What an answer has beside its text. */
export interface OpenAiExtra {
  /** What a stream writes of it, piece by piece. */
  readonly deltas: readonly Json[];
  /** What stands in a message that comes whole. */
  readonly message: Json;
  /** Why the answer ends, each in a chunk of its own. */
  readonly finishReasons: readonly string[];
}

/** A piece of a call. */
interface Piece {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly text: string;
}

/** Cuts JSON into pieces of a few characters, as a model writes it. */
export function cutJson(json: string): readonly string[] {
  return json.match(/[^]{1,6}/gu) ?? [];
}

/** Writes what an answer has beside its text; `undefined` where it is nothing. */
export function toExtra(
  { toolCalls = [], refusal }: ToolAnswer,
  quirks: readonly ToolQuirk[] = [],
): OpenAiExtra | undefined {
  if (refusal !== undefined) {
    const words = refusal.match(/\s*\S+/g) ?? [];
    return {
      deltas: words.map((word) => ({ refusal: word })),
      message: { refusal },
      finishReasons: ["stop"],
    };
  }
  if (toolCalls.length === 0) return undefined;
  const has: Quirks = new Set(quirks);
  const calls = toolCalls.map((call, index) => toPieces(call, index, has));
  if (has.has("cut-as-tool-calls")) calls.at(-1)?.pop();
  const isOld = has.has("function-call");
  const toField = (pieces: readonly Piece[]): Json =>
    isOld
      ? { function_call: toFunction(pieces[0] ?? { index: 0, text: "" }, has) }
      : { tool_calls: pieces.map((piece) => toCall(piece, has)) };
  const own = isOld ? "function_call" : "tool_calls";
  const reason = has.has("stop-reason") ? "stop" : own;
  return {
    deltas: (has.has("interleaved") ? takeTurns(calls) : calls.flat())
      .map((piece) => toField([piece])),
    message: toField(calls.map(join)),
    finishReasons: has.has("double-finish") ? [reason, reason] : [reason],
  };
}

/** Cuts a call into its head and the pieces of its input. */
function toPieces(
  { name, input }: AnswerCall,
  index: number,
  has: Quirks,
): Piece[] {
  const json = typeof input === "string" ? input : JSON.stringify(input);
  const text = has.has("no-args") && json === "{}" ? "" : json;
  const id = has.has("one-id") ? "call_0" : `call_${index}`;
  if (has.has("whole") || has.has("args-object")) {
    return [{ index, id, name, text }];
  }
  const [first = "", ...rest] = cutJson(text);
  const tails = rest.map((text) => ({ index, text }));
  if (has.has("late-id")) {
    return [{ index, name, text: "" }, { index, id, text: first }, ...tails];
  }
  if (has.has("late-name")) {
    return [{ index, id, text: first }, { index, name, text: "" }, ...tails];
  }
  const pieces = [
    { index, id, name, text: "" },
    { index, text: first },
    ...tails,
  ];
  return has.has("name-each")
    ? pieces.map((piece) => ({ ...piece, name }))
    : pieces;
}

function join(pieces: readonly Piece[]): Piece {
  const text = pieces.map(({ text }) => text).join("");
  return { ...Object.assign({ index: 0 }, ...pieces), text };
}

/** The first piece of each call, then the second ones, and so on. */
function takeTurns(calls: readonly (readonly Piece[])[]): readonly Piece[] {
  const turns = Math.max(...calls.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) => turn)
    .flatMap((turn) => calls.flatMap((pieces) => pieces.slice(turn, turn + 1)));
}

function toFunction({ name, text }: Piece, has: Quirks): Json {
  return {
    ...(name !== undefined && { name }),
    arguments: has.has("args-object") ? JSON.parse(text) : text,
  };
}

function toCall(piece: Piece, has: Quirks): Json {
  const { index, id, name } = piece;
  return {
    ...(!has.has("no-index") && { index: has.has("index-0") ? 0 : index }),
    ...(id !== undefined && !has.has("no-id") && { id }),
    ...(name !== undefined && { type: "function" }),
    function: toFunction(piece, has),
  };
}
