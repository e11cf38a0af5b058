import { assertEquals } from "@std/assert";
import {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
  type Provider,
  type ProviderOptions,
} from "../../mod.ts";
import { createOpenAi } from "../_openai_compatible.ts";
import type { Origins, Seen } from "./server.ts";

/** Something that has to be true over HTTP. */
export interface HttpCase {
  readonly name: string;
  readonly run: (origins: Origins) => Promise<void>;
}

/** A provider, and where its server is below a way of answering. */
export interface HttpProvider {
  readonly path: string;
  readonly create: (options: ProviderOptions) => Provider;
}

/** The one that keeps a conversation. */
export const CHAT_UI: HttpProvider = {
  path: "chat-ui",
  create: createCohereC4aiCommand,
};

/** The one that draws, and has its pictures downloaded. */
export const AI_CHATS: HttpProvider = {
  path: "ai-chats",
  create: createAiChats,
};

/** The one that has its pictures in its answer. */
export const AMIGO_CHAT: HttpProvider = {
  path: "amigo-chat",
  create: createAmigoChat,
};

/** The one that any server may be behind. */
export const OPENAI = {
  path: "openai/v1",
  create: createOpenAi,
} satisfies HttpProvider;

/** The five. */
export const PROVIDERS: readonly HttpProvider[] = [
  AI_CHATS,
  AMIGO_CHAT,
  { path: "autonomous-ai", create: createAutonomousAi },
  CHAT_UI,
  OPENAI,
];

/** Asks a server what it has seen since it was last asked. */
export async function fetchSeen(origin: string): Promise<Seen> {
  return await (await fetch(`${origin}/seen`)).json();
}

/** Waits until a server is busy with so many answers. */
async function waitForOpen(origin: string, count: number): Promise<void> {
  let open = NaN;
  for (let turn = 0; open !== count && turn < 300; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    open = (await fetchSeen(origin)).open;
  }
  assertEquals(open, count, "The server is busy with other answers");
}

/** Waits until nothing is under way at a server any more. */
export async function waitForRelease(origin: string): Promise<void> {
  await waitForOpen(origin, 0);
}

/** Waits until a server is busy with one answer. */
export async function waitForRequest(origin: string): Promise<void> {
  await waitForOpen(origin, 1);
}
