// What people do with tools and objects, by the clients that they use. Copied
// into a folder that has those packages, and run there by each.
const [client, baseURL, model, folder] = Deno.args;
const apiKey = "a-key";

/** Imports a package that only that folder has. */
const load = (name) => import(name);

const z = await load("zod");
const City = z.object({ city: z.string() });
const CALL = 'How is it? weather({"city":"Ulm"})';
const OBJECT = 'Where is it? answer({"city":"Ulm"})';
const weather = ({ city }) => `rain in ${city}`;
const about = { name: "weather", description: "Tells the weather" };

const clients = {
  async "openai"() {
    const { default: OpenAI } = await load("openai");
    const { zodFunction, zodResponseFormat } = await load("openai/helpers/zod");
    const { completions } = new OpenAI({ baseURL, apiKey, maxRetries: 0 }).chat;
    const tool = zodFunction({ ...about, parameters: City, function: weather });
    const user = { role: "user", content: CALL };
    const call = { model, messages: [user], tools: [tool] };
    const find = {
      model,
      messages: [{ role: "user", content: OBJECT }],
      response_format: zodResponseFormat(City, "city"),
    };
    return {
      async "create with tools"() {
        const { choices: [{ message }] } = await completions.create(call);
        const [{ id, function: called }] = message.tool_calls;
        const result = { role: "tool", tool_call_id: id, content: "rain" };
        const messages = [user, message, result];
        const { choices: [last] } = await completions
          .create({ ...call, messages });
        return [called.name, called.arguments, last.message.content];
      },
      async "create with tools, streamed"() {
        let input = "";
        const chunks = await completions.create({ ...call, stream: true });
        for await (const { choices: [choice] } of chunks) {
          input += choice?.delta.tool_calls?.[0].function.arguments ?? "";
        }
        return input;
      },
      "runTools": () => completions.runTools(call).finalContent(),
      async "runTools, streamed"() {
        let input = "";
        const run = completions.runTools({ ...call, stream: true }).on(
          "tool_calls.function.arguments.delta",
          ({ arguments_delta: delta }) => void (input += delta),
        );
        return [await run.finalContent(), input];
      },
      "parse": async () =>
        (await completions.parse(find)).choices[0].message.parsed,
      "stream with an object": async () =>
        (await completions.stream(find).finalChatCompletion())
          .choices[0].message.parsed,
      async "stream with tool events"() {
        const calls = [];
        await completions.stream(call).on(
          "tool_calls.function.arguments.done",
          ({ name, parsed_arguments: input }) => calls.push([name, input]),
        ).finalChatCompletion();
        return calls;
      },
    };
  },
  async "ai"() {
    const ai = await load("ai");
    const { createOpenAI } = await load("@ai-sdk/openai");
    const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");
    const options = { name: "parley", baseURL, apiKey };
    const supportsStructuredOutputs = true;
    const models = {
      "openai": createOpenAI(options).chat(model),
      "openai-compatible": createOpenAICompatible({
        ...options,
        supportsStructuredOutputs,
      })(model),
    };
    const toUses = (model) => {
      const tool = ai.tool({ ...about, inputSchema: City, execute: weather });
      const tools = { weather: tool };
      const stopWhen = ai.stepCountIs(4);
      const run = { model, prompt: CALL, tools, stopWhen, maxRetries: 0 };
      const find = { model, prompt: OBJECT, maxRetries: 0 };
      const output = ai.Output.object({ schema: City });
      return {
        async "generateText with tools"() {
          const { text, steps } = await ai.generateText(run);
          return [text, steps.length];
        },
        async "streamText with tools"() {
          const { text, steps } = ai.streamText(run);
          return [await text, (await steps).length];
        },
        "generateObject": async () =>
          (await ai.generateObject({ ...find, schema: City })).object,
        "Output.object": async () =>
          (await ai.generateText({ ...find, output })).output,
        "Output.object with tools": async () =>
          (await ai.generateText({ ...run, prompt: CALL + OBJECT, output }))
            .output,
      };
    };
    return Object.fromEntries(
      Object.entries(models).flatMap(([kind, model]) =>
        Object.entries(toUses(model)).map(([name, use]) => [
          `${name}, ${kind}`,
          use,
        ])
      ),
    );
  },
  async "@openai/agents"() {
    const { default: OpenAI } = await load("openai");
    const { Agent, OpenAIProvider, Runner, tool } = await load(
      "@openai/agents",
    );
    const openAIClient = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
    const runner = new Runner({
      tracingDisabled: true,
      modelProvider: new OpenAIProvider({ openAIClient, useResponses: false }),
    });
    const tools = [tool({ ...about, parameters: City, execute: weather })];
    const agent = new Agent({ name: "Weather", model, tools });
    const first = new Agent({ name: "First", model, handoffs: [agent] });
    const finder = new Agent({ name: "Finder", model, outputType: City });
    return {
      "tool": async () => (await runner.run(agent, CALL)).finalOutput,
      async "tool, streamed"() {
        const run = await runner.run(agent, CALL, { stream: true });
        await run.completed;
        return run.finalOutput;
      },
      async "handoff"() {
        const prompt = `${CALL} transfer_to_Weather({})`;
        const { finalOutput, lastAgent } = await runner.run(first, prompt);
        return [finalOutput, lastAgent.name];
      },
      "outputType": async () => (await runner.run(finder, OBJECT)).finalOutput,
      "outputType with tools": async () =>
        (await runner.run(finder.clone({ tools }), CALL + OBJECT)).finalOutput,
    };
  },
  async "@langchain/openai"() {
    const { ChatOpenAI } = await load("@langchain/openai");
    const { HumanMessage } = await load("@langchain/core/messages");
    const { tool: toTool } = await load("@langchain/core/tools");
    const { createAgent } = await load("langchain");
    const chat = new ChatOpenAI({
      model,
      apiKey,
      configuration: { baseURL },
      maxRetries: 0,
    });
    const tool = toTool(weather, { ...about, schema: City });
    const bound = chat.bindTools([tool]);
    const find = (method) =>
      chat.withStructuredOutput(City, { method, name: "answer" })
        .invoke(OBJECT);
    return {
      async "bindTools"() {
        const question = new HumanMessage(CALL);
        const answer = await bound.invoke([question]);
        const result = await tool.invoke(answer.tool_calls[0]);
        return (await bound.invoke([question, answer, result])).content;
      },
      async "bindTools, streamed"() {
        const [first, ...others] = await Array.fromAsync(
          await bound.stream(CALL),
        );
        const whole = others.reduce((all, chunk) => all.concat(chunk), first);
        return whole.tool_calls[0].args;
      },
      async "createAgent"() {
        const agent = createAgent({ model: chat, tools: [tool] });
        const messages = [{ role: "user", content: CALL }];
        return (await agent.invoke({ messages })).messages.at(-1).content;
      },
      "withStructuredOutput by a schema": () => find("jsonSchema"),
      "withStructuredOutput by JSON": () => find("jsonMode"),
      "withStructuredOutput by a tool": () => find("functionCalling"),
    };
  },
  async "@mastra/core"() {
    const { Agent } = await load("@mastra/core/agent");
    const { createTool } = await load("@mastra/core/tools");
    const tool = createTool({
      ...about,
      id: "weather",
      inputSchema: City,
      execute: (input) => weather(input.context ?? input),
    });
    const agent = new Agent({
      id: "a",
      name: "A",
      instructions: "Be brief",
      model: { id: `parley/${model}`, url: baseURL, apiKey },
      tools: { weather: tool },
    });
    return {
      "generate": async () => (await agent.generate(CALL)).text,
      "stream": async () =>
        (await Array.fromAsync((await agent.stream(CALL)).textStream)).join(""),
    };
  },
  async "@qwen-code/qwen-code"() {
    const path = `${folder}note.txt`;
    await Deno.writeTextFile(path, "The word is heron.");
    return {
      async "a task that reads a file"() {
        const prompt = `read_file(${JSON.stringify({ file_path: path })})`;
        const { stdout } = await new Deno.Command(Deno.execPath(), {
          args: [
            "run",
            "--allow-all",
            `${folder}node_modules/@qwen-code/qwen-code/cli.js`,
            ...["--yolo", "--auth-type", "openai", "-p", prompt],
          ],
          cwd: folder,
          env: {
            HOME: folder,
            OPENAI_API_KEY: apiKey,
            OPENAI_BASE_URL: baseURL,
            OPENAI_MODEL: model,
            QWEN_CODE_NO_RELAUNCH: "1",
          },
          stdin: "null",
        }).output();
        return new TextDecoder().decode(stdout).includes("The word is heron.");
      },
    };
  },
};

const outcomes = {};
for (const [name, use] of Object.entries(await clients[client]())) {
  try {
    outcomes[name] = await use();
  } catch (error) {
    outcomes[name] = `failed: ${error?.message ?? error}`;
  }
}
await Deno.writeTextFile("outcomes.json", JSON.stringify(outcomes));
// Some of them keep timers and sockets.
Deno.exit();
