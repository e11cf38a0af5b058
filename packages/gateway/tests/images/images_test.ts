import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createOpenAiCompatible,
  decodeBase64,
  detectMediaType,
} from "@parley/chat";
import type { LogEntry } from "@parley/gateway";
import { toImage } from "@parley/chat/provider";
import {
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createFaultyUpstream,
} from "@parley/testing";
import {
  createParrot,
  FINISH,
  toTextEvent,
} from "../../../../tests/_parrot.ts";
import {
  ask,
  createParrotGateway,
  open,
  post,
  readError,
  say,
} from "../_gateway.ts";

const PATH = "/v1/images/generations";

function createPainters() {
  const amigoChat = createAmigoChatUpstream();
  const aiChats = createAiChatsUpstream();
  const gateway = open({
    providers: [
      createAmigoChat({ fetch: amigoChat.fetch }),
      createAiChats({ fetch: aiChats.fetch }),
    ],
    routes: {
      painter: [{
        provider: createAiChats({ fetch: aiChats.fetch }),
        model: "dalle",
      }],
    },
  });
  return { gateway, amigoChat };
}

for (const model of ["AmigoChat/flux/dev", "dalle", "painter"]) {
  Deno.test(`a picture of ${model} has both forms where none is asked for`, async () => {
    const { gateway } = createPainters();
    const response = await post(gateway, PATH, {
      model,
      prompt: "A red cat",
      size: "1024x1024",
      quality: "hd",
    });
    assertEquals(response.status, 200);
    const { created, data } = await response.json();
    assertEquals(Number.isInteger(created), true);
    assertEquals(data.length, 1);
    assertEquals(/^https:\/\/.*\.png$/.test(data[0].url), true);
    assertEquals(detectMediaType(decodeBase64(data[0].b64_json)), "image/png");
  });
}

for (
  const [response_format, keys] of [
    ["url", ["url"]],
    ["b64_json", ["b64_json"]],
    [null, ["url", "b64_json"]],
  ] as const
) {
  Deno.test(`a picture asked for as ${response_format} has ${keys.join(" and ")}`, async () => {
    const { gateway } = createPainters();
    const body = { model: "flux-dev", prompt: "A red cat", response_format };
    const { data } = await (await post(gateway, PATH, body)).json();
    assertEquals(Object.keys(data[0]), [...keys]);
  });
}

Deno.test("a picture whose URL alone is asked for is not downloaded", async () => {
  const { gateway, amigoChat } = createPainters();
  const body = { model: "flux-dev", prompt: "x", response_format: "url" };
  await (await post(gateway, PATH, body)).text();
  assertEquals(amigoChat.requests.length, 1);
});

Deno.test("several pictures are asked for one by one", async () => {
  const { gateway, amigoChat } = createPainters();
  const body = { model: "flux-dev", prompt: "A red cat", n: 3 };
  const { data } = await (await post(gateway, PATH, body)).json();
  assertEquals(data.length, 3);
  assertEquals(new Set(data.map(({ url }: { url: string }) => url)).size, 3);
  assertEquals(
    amigoChat.requests.filter(({ method }) => method === "POST").length,
    3,
  );
});

for (
  const [name, body, status, param] of [
    ["no prompt", { model: "dalle" }, 400, "prompt"],
    ["an empty prompt", { model: "dalle", prompt: "" }, 400, "prompt"],
    ["no model", { prompt: "x" }, 400, "model"],
    ["an unknown model", { model: "x", prompt: "x" }, 404, "model"],
    ["a model of text", { model: "AiChats/gpt-4", prompt: "x" }, 400, "model"],
    ["eleven pictures", { model: "dalle", prompt: "x", n: 11 }, 400, "n"],
    ["half a picture", { model: "dalle", prompt: "x", n: 0.5 }, 400, "n"],
    [
      "an unknown form",
      { model: "dalle", prompt: "x", response_format: "svg" },
      400,
      "response_format",
    ],
    ["a stream", { model: "dalle", prompt: "x", stream: true }, 400, "stream"],
  ] as const
) {
  Deno.test(`a request for pictures with ${name} is refused`, async () => {
    const response = await post(createPainters().gateway, PATH, body);
    assertEquals(response.status, status);
    assertEquals((await readError(response)).param, param);
  });
}

Deno.test("a painter that fails has a status, and ends the others", async () => {
  const upstream = createFaultyUpstream(createAmigoChatUpstream(), {
    skip: 1,
    times: 1,
    faults: [{ type: "respond", status: 401 }],
  });
  const { fetch } = upstream;
  const entries: LogEntry[] = [];
  const gateway = open({
    providers: [createAmigoChat({ fetch })],
    log: (entry) => entries.push(entry),
  });
  const body = { model: "flux-dev", prompt: "x", n: 3 };
  const response = await post(gateway, PATH, body);
  assertEquals(response.status, 502);
  assertEquals((await readError(response)).code, "upstream_authentication");
  const [{ attempts, failures } = {}] = entries;
  assertEquals([attempts, failures?.length], [3, 1]);
});

for (
  const [model, warnings] of [
    ["drawer", []],
    ["AmigoChat/flux/dev", ["image.size", "image.quality", "user"]],
  ] as const
) {
  Deno.test(`${model} is told how many pictures, how large and how good`, async () => {
    const { amigoChat } = createPainters();
    const bodies: unknown[] = [];
    const drawer = createOpenAiCompatible({
      baseUrl: "http://127.0.0.1:1/v1",
      imageModels: ["drawer"],
      models: ["drawer"],
      fetch: async (input, init) => {
        bodies.push(await new Request(input, init).json());
        const image = { b64_json: "R0lGODlhAQABAAAAACw=" };
        return Response.json({ data: [image, image] });
      },
    });
    const amigo = createAmigoChat({ fetch: amigoChat.fetch });
    const settings = { n: 2, size: "64x64", quality: "high" };
    const response = await post(
      open({ providers: [amigo, drawer] }),
      PATH,
      {
        model,
        prompt: "A red cat",
        response_format: "url",
        user: warnings.length > 0 ? "u" : null,
        ...settings,
      },
    );
    const { data, warnings: told = [] } = await response.json();
    assertEquals([data.length, told.length], [2, warnings.length]);
    for (const name of warnings) {
      assert(JSON.stringify(told).includes(`\\"${name}\\" is`), name);
    }
    for (const body of bodies) assertObjectMatch({ body }, { body: settings });
    assertEquals(bodies.length, warnings.length > 0 ? 0 : 1);
  });
}

Deno.test("no more pictures are given than were asked for", async () => {
  const gateway = createParrotGateway(async function* (run) {
    const image = toImage(run, { base64: "R0lGODlhAQABAAAAACw=", prompt: "" });
    yield [{ type: "image", image }, { type: "image", image }, FINISH];
  }, { definition: { imageModels: ["grey"] } });
  const body = { model: "grey", prompt: "x" };
  const { data } = await (await post(gateway, PATH, body)).json();
  assertEquals(data, [{
    url: "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    b64_json: "R0lGODlhAQABAAAAACw=",
  }]);
});

Deno.test("an answer without a picture is a 502", async () => {
  const gateway = say([toTextEvent("I draw nothing"), FINISH], {
    definition: { imageModels: ["grey"] },
  });
  const response = await post(gateway, PATH, { model: "grey", prompt: "x" });
  assertEquals(response.status, 502);
  assertEquals((await readError(response)).code, "bad_response");
});

Deno.test("a picture is drawn anew where the first painter breaks off", async () => {
  const definition = { imageModels: ["grey"] };
  const { provider: first } = createParrot({
    async *respond(run) {
      yield [toTextEvent("I begin to draw")];
      throw run.fail("Brush broke", { code: "upstream" });
    },
    definition,
    options: { maxRetries: 0 },
  });
  const { provider: second } = createParrot({
    async *respond(run) {
      const image = toImage(run, {
        base64: "R0lGODlhAQABAAAAACw=",
        prompt: "",
      });
      yield [toTextEvent("Here it is"), { type: "image", image }, FINISH];
    },
    definition: { ...definition, id: "Cockatoo" },
  });
  const gateway = open({ routes: { painter: [first, second] } });
  const body = { model: "painter", prompt: "x" };
  assertEquals((await post(gateway, PATH, body)).status, 200);
});

for (const url of ["javascript:alert(1)", "file:///etc/passwd"]) {
  Deno.test(`no client is given ${url} for a picture`, async () => {
    const gateway = createParrotGateway(async function* (run) {
      yield [{ type: "image", image: toImage(run, { url, prompt: "" }) }];
      yield [FINISH];
    }, { definition: { imageModels: ["grey"] } });
    const body = { model: "grey", prompt: "x", response_format: "url" };
    const response = await post(gateway, PATH, body);
    assertEquals((await readError(response)).code, "unsafe_url");
    const text = await (await ask(gateway)).text() +
      await (await ask(gateway, { stream: true })).text();
    assertEquals(/image/.exec(text), null);
  });
}
