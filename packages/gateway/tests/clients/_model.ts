/** A message as OpenAI's clients send it. */
interface ModelMessage {
  readonly role: string;
  readonly content: string | readonly { readonly text?: string }[] | null;
  readonly tool_calls?: readonly { readonly function: { name: string } }[];
}

/** What a server is asked. */
interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly { readonly function: { name: string } }[];
  readonly tool_choice?: string | { readonly function: { name: string } };
  readonly response_format?: { readonly type: string };
}

/** How a prompt says what is called, and what the object is. */
const SAID = /(\w+)\((\{.*?\})\)/g;

function toText({ content }: ModelMessage): string {
  return typeof content === "string"
    ? content
    : (content ?? []).map(({ text = "" }) => text).join("");
}

function toDelta(content: string): unknown {
  return { content };
}

/** Decides what to answer, as deltas. */
function answer(request: ModelRequest): readonly unknown[] {
  const { messages, tools = [], tool_choice: choice, response_format: format } =
    request;
  const users = messages.filter(({ role }) => role === "user");
  const said = [...users.map(toText).join("\n").matchAll(SAID)]
    .map(([, name = "", input = ""]) => ({ name, input }));
  const object = said.find(({ name }) => name === "answer")?.input ?? "{}";
  const names = typeof choice === "object"
    ? [choice.function.name]
    : tools.map(({ function: { name } }) => name);
  const called = messages.flatMap(({ tool_calls: calls = [] }) =>
    calls.map(({ function: { name } }) => name)
  );
  const wanted = said.filter(({ name }) =>
    names.includes(name) && !called.includes(name)
  );
  // What must be called is the answer, where nothing else is left.
  if (wanted.length === 0 && choice === "required") {
    wanted.push({ name: names.at(-1) ?? "", input: object });
  }
  if (wanted.length > 0) {
    return wanted.flatMap(({ name, input }, index) => {
      const toCall = (fields: object) => ({
        tool_calls: [{ index, ...fields }],
      });
      const id = `call_${called.length + index}`;
      return [
        toCall({ id, type: "function", function: { name, arguments: "" } }),
        ...cut(input).map((piece) =>
          toCall({ function: { arguments: piece } })
        ),
      ];
    });
  }
  const last = messages.at(-1);
  if (format !== undefined && format.type !== "text") {
    return cut(object).map(toDelta);
  }
  const isResult = last?.role === "tool";
  return cut(isResult ? `It is ${toText(last)}` : "Hello").map(toDelta);
}

function cut(text: string): readonly string[] {
  return text.match(/[^]{1,6}/g) ?? [];
}

/**
 * Answers as OpenAI's server does, and as the prompt says: `weather({"city":"Ulm"})`
 * calls that tool once, `answer({"city":"Ulm"})` is the object.
 *
 * @param request The request of a client.
 */
export async function answerAsModel(request: Request): Promise<Response> {
  const deltas = answer(await request.json());
  const isCalling = JSON.stringify(deltas[0]).includes("tool_calls");
  const facts = { id: "1", object: "chat.completion.chunk", created: 1 };
  const choices = [
    ...deltas.map((delta) => ({ index: 0, delta, finish_reason: null })),
    { index: 0, delta: {}, finish_reason: isCalling ? "tool_calls" : "stop" },
  ];
  const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
  const chunks = [
    ...choices.map((choice) => ({ choices: [choice] })),
    { choices: [], usage },
  ].map((chunk) => `data: ${JSON.stringify({ ...facts, ...chunk })}\n\n`);
  return new Response([...chunks, "data: [DONE]\n\n"].join(""), {
    headers: { "content-type": "text/event-stream" },
  });
}
