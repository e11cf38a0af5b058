/**
 * A message as a chat-ui server takes it.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import { readImagePart } from "../chat/image_part.ts";
import { formatPrompt, toLastUserText } from "../chat/prompt.ts";
import type { ImagePart, Message } from "../chat/types.ts";
import { downloadImage } from "../run/images.ts";
import { isContinued, isStored } from "./conversation.ts";

/** What is new to the server. */
export interface NewMessage {
  /** The text; empty where there are pictures only. */
  readonly inputs: string;
  /** The pictures, as the server takes them. */
  readonly files: readonly File[];
}

/** Writes a picture as the server takes it: as base64 text in a file. */
async function toFile(
  run: RunContext,
  { part, number }: { readonly part: ImagePart; readonly number: number },
): Promise<File> {
  const { url, inline } = readImagePart(part);
  const { base64, mediaType } = inline() ?? await fetchPicture(run, url);
  const name = `picture-${number}.${mediaType.slice("image/".length)}`;
  return new File([base64], `base64;${name}`, { type: mediaType });
}

/** Fetches a picture that is elsewhere: the server takes no links. */
async function fetchPicture(run: RunContext, url: string) {
  const picture = await downloadImage(run, { url, prompt: "" });
  return {
    base64: await picture.base64(),
    mediaType: picture.mediaType ?? "image/png",
  };
}

/** Finds the messages that are new to the server. */
function toNewMessages(run: RunContext): readonly Message[] {
  const { messages } = run;
  if (!isContinued(run) || !isStored(run)) return messages;
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(last + 1);
}

/**
 * Writes the text that is new to the server: the last messages of the user
 * where it knows the chat, else the whole chat.
 *
 * @param run The run.
 * @param isKnown Whether the server knows the chat.
 */
export function toInputs({ messages }: RunContext, isKnown: boolean): string {
  if (isKnown) return toLastUserText(messages);
  const chat = messages.filter(({ role }) => role !== "system");
  return formatPrompt(chat.length === 0 ? messages : chat);
}

/**
 * Collects the pictures that are new to the server.
 *
 * @param run The run.
 */
export async function toFiles(run: RunContext): Promise<readonly File[]> {
  const parts = toNewMessages(run).flatMap(({ content }) =>
    typeof content === "string" ? [] : content
  );
  const pictures = parts.filter((part) => part.type === "image");
  return await Promise.all(
    pictures.map((part, index) => toFile(run, { part, number: index + 1 })),
  );
}

/** What a message is sent with. */
export interface FormOptions extends NewMessage {
  /** The message that it follows. */
  readonly parent: string;
  /** A name for its answer, by which it can be found again. */
  readonly generationId: string;
  /** The tools of the server that may be used: all, none, or those named. */
  readonly serverTools: boolean | readonly string[];
}

/**
 * Writes the form of a message.
 *
 * @param options What it is sent with.
 */
export function toForm(
  { inputs, files, parent, generationId, serverTools }: FormOptions,
): FormData {
  const form = new FormData();
  form.set(
    "data",
    JSON.stringify({
      // A text, where there is one, must not be empty.
      ...(inputs !== "" && { inputs }),
      id: parent,
      generationId,
      is_retry: false,
      is_continue: false,
      web_search: false,
      tools: [],
      // Left out, all that the server has are used unasked.
      ...(serverTools !== true &&
        { selectedMcpServerNames: serverTools || [] }),
    }),
  );
  for (const file of files) form.append("files", file);
  return form;
}
