// Pictures that are broken, elsewhere or slow.
import { assertEquals } from "@std/assert";
import { decodeBase64 } from "@std/encoding/base64";
import { within } from "../../packages/testing/conformance/check.ts";
import { RawServer } from "../_raw_server.ts";
import { IMPATIENT } from "../providers/_requests.ts";
import { SOON } from "../contract/_answer_server.ts";
import { AI_CHATS, ANSWERS, CHAT_UI } from "../contract/_providers.ts";
import {
  catchError,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  type Respond,
  ScriptedFetch,
} from "../contract/_scripted_fetch.ts";
import { sayAndEnd, SocketServer, toWhole } from "./_socket_server.ts";

const GIF = decodeBase64("R0lGODlhAQABAAAAACw=");

/** The metadata of a cloud, and other addresses that are no public place. */
const PRIVATE = [
  "http://169.254.169.254/latest/meta-data/",
  "http://[fd00:ec2::254]/",
  "http://metadata.google.internal/",
];

/** Private addresses in other words. */
const TRICKS = [
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://127.0.0.1./",
  "http://localhost./",
  "http://[::1]/",
  "http://[::ffff:7f00:1]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[::127.0.0.1]/",
];

for (const provider of ANSWERS) {
  const { model } = provider.options ?? {};
  if (model === undefined) continue;
  // One loads its pictures in the run, the other when they are asked for.
  const isLazy = provider.create !== AI_CHATS.create;

  /** Loads the pictures of an answer one after the other. */
  const load = async (data: unknown, respond: Respond) => {
    const network = new ScriptedFetch((count, request) =>
      count === 1 ? Response.json({ data }) : respond(count - 1, request)
    );
    const instance = provider.create({ ...IMPATIENT, fetch: network.fetch });
    const codes: string[] = [];
    const { events, error } = await readAll(
      instance.stream("A cat", { model }),
    );
    for (const event of events) {
      if (event.type !== "image") continue;
      const loaded = event.image.bytes().then(() => "good");
      codes.push(await loaded.catch(({ code }) => code));
    }
    if (error !== undefined) codes.push(error.code);
    return { codes, downloads: network.answers.length - 1 };
  };

  Deno.test(`${provider.name} asks nothing of a cloud's metadata [P06]`, async () => {
    for (const url of PRIVATE) {
      const direct = await load([{ url }], () => new Response(GIF));
      assertEquals(direct, { codes: ["unsafe-url"], downloads: 0 }, url);
      const redirected = await load(
        [{ url: "http://cdn.example.com/1.gif" }],
        () => new Response(null, { status: 302, headers: { location: url } }),
      );
      assertEquals(redirected, { codes: ["unsafe-url"], downloads: 1 }, url);
    }
  });

  Deno.test(`${provider.name} knows a private address in other words [P08]`, async () => {
    for (const url of TRICKS) {
      const result = await load([{ url }], () => new Response(GIF));
      assertEquals(result, { codes: ["unsafe-url"], downloads: 0 }, url);
    }
  });

  Deno.test(`${provider.name} refuses what is no URL of a picture [P13]`, async () => {
    for (const url of [undefined, null, 7, ["https://a.example"], {}, ""]) {
      const { codes } = await load([{ url }], () => new Response(GIF));
      assertEquals(codes, ["bad-response"], String(url));
    }
    for (const url of ["/1.png", "1.png", "//a.example/1.png", "https:"]) {
      const { codes } = await load([{ url }], () => new Response(GIF));
      assertEquals(codes, ["unsafe-url"], url);
    }
    const url = "http://cdn.example.com/1.gif";
    const { codes } = await load([{ url }], () => new Response(GIF));
    assertEquals(codes, ["good"]);
  });

  Deno.test(`${provider.name} gives every good picture before a bad one [P19]`, async () => {
    const data = [1, 2, 3].map((number) => ({
      url: `https://cdn.example.com/${number}.gif`,
    }));
    const { codes } = await load(
      data,
      (count) => new Response(count === 2 ? "<html>" : GIF),
    );
    const expected = ["good", "bad-image", "good"];
    assertEquals(codes, isLazy ? expected : expected.slice(0, 2));
  });

  Deno.test(`${provider.name} does not ask for a dead link again [P17]`, async () => {
    for (const status of [403, 404, 410, 503]) {
      const { codes, downloads } = await load(
        [{ url: "https://cdn.example.com/1.gif" }],
        () => new Response("", { status }),
      );
      assertEquals([codes, downloads], [["bad-image"], 1], `${status}`);
    }
  });

  /** Answers with the URL of a picture on a server of the test. */
  const create = (origin: string) => {
    const data = JSON.stringify({ data: [{ url: `${origin}/1.gif` }] });
    const { fetch: respond } = answerWith(provider, data);
    return provider.create({
      allowPrivateUrls: true,
      fetch: (url, init) =>
        init?.method === "POST" ? respond(url, init) : fetch(url, init),
    });
  };

  Deno.test(`${provider.name} makes no picture of half of one [T15]`, async () => {
    const response = toWhole(200, "content-type: image/gif\r\n", "GIF89a");
    await using server = await SocketServer.start(
      sayAndEnd(response.replace(/(?<=content-length: )\d+/, "100")),
    );
    const instance = create(server.origin);
    const run = async () => {
      const { images } = await instance.generate("A cat", { model });
      return await images[0]?.dataUrl();
    };
    const error = await catchError(run());
    assertEquals([error.code, server.answers], ["bad-image", 1]);
    assertEquals(error.partial?.images ?? [], []);
  });

  Deno.test(`${provider.name} ends a download with its caller [P18]`, async () => {
    const asked = Promise.withResolvers<void>();
    await using server = new RawServer(async (connection) => {
      await connection.start(200, [["content-type", "image/gif"]]);
      await connection.send("GIF89a");
      asked.resolve();
      await connection.closed;
    });
    const instance = create(server.origin);
    const controller = new AbortController();
    const { signal } = controller;
    const run = async () => {
      const own = isLazy ? {} : { signal };
      const { images } = await instance.generate("A cat", { model, ...own });
      await images[0]?.bytes({ signal });
    };
    const result = run().catch((error) => error);
    await within(2_000, asked.promise);
    controller.abort("enough");
    assertEquals(await within(SOON, result), "enough");
    for (const { closed } of server.connections) await within(SOON, closed);
  });
}

Deno.test("CohereForAI_C4AI_Command loads no file of an answer [P20]", async () => {
  for (const sha of ["../../api", "a".repeat(64)]) {
    const file = { type: "file", name: "a.png", sha, mime: "image/png" };
    const network = answerWith(
      CHAT_UI,
      `${CHAT_UI.beginning}${JSON.stringify(file)}\n${CHAT_UI.rest}`,
    );
    const { warnings, images } = await CHAT_UI.create({ fetch: network.fetch })
      .generate("Hello");
    assertEquals([images, network.requests.length], [[], 3]);
    assertEquals(
      warnings.map(({ message }) => message).filter((message) =>
        message.includes('"file"')
      ).length,
      1,
    );
  }
});
