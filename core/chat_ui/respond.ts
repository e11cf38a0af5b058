/**
 * One turn with a chat-ui server.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { RunContext } from "../chat/definition.ts";
import { isProviderError } from "../chat/errors.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { GeneratedImage } from "../chat/generated_image.ts";
import { sendForStatus } from "../http/send_request.ts";
import { toScope } from "../run/run_context.ts";
import {
  createConversation,
  isContinued,
  isStored,
  readState,
  toExpired,
  toHeaders,
  withState,
} from "./conversation.ts";
import { toFiles, toInputs } from "./message.ts";
import { awaitServer } from "./stored_answer.ts";
import { fetchStoredChat, isGone } from "./stored_chat.ts";
import { type Place, sendMessage } from "./turn.ts";

/** What a provider is set to. */
export interface ChatUiSettings {
  /** The provider's id. */
  readonly provider: string;
  /** The tools of the server that may be used: all, none, or those named. */
  readonly serverTools: boolean | readonly string[];
  /** Whether a conversation that a run creates ends with it. */
  readonly temporary: boolean;
}

/** Lets another model answer in a conversation, where the server can. */
async function changeModel(
  run: RunContext,
  conversation: Conversation,
): Promise<boolean> {
  const { id, cookies } = conversation;
  try {
    const request = {
      headers: toHeaders(run, cookies),
      json: { model: run.model },
    };
    await sendForStatus("PATCH", `/conversation/${id}`, request, toScope(run));
    return true;
  } catch (error) {
    const isRefused = isProviderError(error) && error.status !== undefined &&
      !["authentication", "rate-limit"].includes(error.code) &&
      !isGone(error);
    if (isRefused) return false;
    throw error;
  }
}

/** Goes on with a conversation; nothing where a new one is needed. */
async function goOn(
  run: RunContext,
  conversation: Conversation,
): Promise<Place | undefined> {
  const isKnown = isStored(run);
  const isChanged = conversation.model !== run.model;
  if (isChanged && !await changeModel(run, conversation)) return undefined;
  const { source, model, messages } = readState(conversation).pending
    ? await awaitServer(run, conversation)
    : await fetchStoredChat(run, conversation);
  // A run that failed may have changed it.
  if (!isChanged && model !== undefined && model !== run.model) {
    if (!await changeModel(run, conversation)) return undefined;
  }
  return {
    conversation: {
      ...withState(conversation, { source, pending: false }),
      model: run.model,
    },
    parent: messages.at(-1)?.id ?? "",
    isKnown,
  };
}

/** Starts a new conversation. */
async function begin(run: RunContext, provider: string): Promise<Place> {
  const { conversation, parent } = await createConversation(run, provider);
  // A further attempt goes on with what this one has created.
  run.conversation = conversation;
  if (parent !== undefined) return { conversation, parent, isKnown: false };
  const { source, messages } = await fetchStoredChat(run, conversation);
  return {
    conversation: withState(conversation, { source }),
    parent: messages.at(-1)?.id ?? "",
    isKnown: false,
  };
}

/** Finds out where the message goes. */
async function findPlace(run: RunContext, provider: string): Promise<Place> {
  const { conversation } = run;
  if (conversation !== undefined && isContinued(run)) {
    try {
      const place = await goOn(run, conversation);
      if (place !== undefined) return place;
    } catch (error) {
      throw isStored(run) ? toExpired(run, error) : error;
    }
  }
  return await begin(run, provider);
}

/** Keeps the pictures of an answer at hand. */
async function* keepImages(
  batches: AsyncIterable<readonly ChatEvent[]>,
  images: GeneratedImage[],
): AsyncGenerator<readonly ChatEvent[]> {
  for await (const batch of batches) {
    for (const event of batch) {
      if (event.type === "image") images.push(event.image);
    }
    yield batch;
  }
}

/** Deletes a conversation that nobody can go on with. */
async function discard(
  run: RunContext,
  { id, cookies }: Conversation,
  images: readonly GeneratedImage[],
): Promise<void> {
  // They go with it.
  if (!run.signal.aborted) {
    await Promise.allSettled(images.map((image) => image.bytes()));
  }
  void run.notify("DELETE", `/conversation/${id}`, {
    headers: toHeaders(run, cookies),
  });
}

/**
 * Sends what is new to a chat-ui server, and reads its answer.
 *
 * @param run The run.
 * @param settings What the provider is set to.
 */
export async function* respondWithChatUi(
  run: RunContext,
  { provider, serverTools, temporary }: ChatUiSettings,
): AsyncGenerator<ChatEvent | Iterable<ChatEvent>> {
  // Made first, so that no error of an earlier request repeats it.
  const generationId = run.randomUuid();
  const files = await toFiles(run);
  const isKnown = isContinued(run) && isStored(run);
  if (toInputs(run, isKnown) === "" && files.length === 0) {
    throw run.fail("Messages end without a new one", {
      code: "invalid-request",
    });
  }
  const images: GeneratedImage[] = [];
  let place: Place | undefined;
  try {
    place = await findPlace(run, provider);
    const inputs = toInputs(run, place.isKnown);
    const message = { inputs, files, serverTools, generationId };
    const batches = sendMessage(run, place, message);
    yield* temporary ? keepImages(batches, images) : batches;
  } catch (error) {
    throw place?.isKnown ? toExpired(run, error) : error;
  } finally {
    const { conversation, options } = run;
    if (
      temporary && conversation && conversation.id !== options.conversation?.id
    ) {
      run.conversation = run.partialConversation = undefined;
      await discard(run, conversation, images);
    }
  }
}
