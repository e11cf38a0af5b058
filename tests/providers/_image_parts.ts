import type { ImagePart, Message } from "../../core/chat/types.ts";

const GIF = new TextEncoder().encode("GIF89a");
const GIF_URL = "data:image/gif;base64,R0lGODlh";

/** Pictures of callers, and the URLs as which they are sent. */
const PICTURES: readonly (readonly [Omit<ImagePart, "type">, string])[] = [
  [{ image: GIF }, GIF_URL],
  [{ image: "R0lGODlh" }, GIF_URL],
  [{ image: GIF_URL }, GIF_URL],
  [{ image: new URL(GIF_URL) }, GIF_URL],
  [{ image: "https://a.example/ü.png" }, "https://a.example/ü.png"],
  [{ image: new URL("https://a.example/1") }, "https://a.example/1"],
  [{ image: GIF, mediaType: "image/tiff" }, "data:image/tiff;base64,R0lGODlh"],
  [{ image: "AQID", mediaType: "image/png" }, "data:image/png;base64,AQID"],
];

/** A message with a picture in every form. */
export const IMAGE_MESSAGE: Message = {
  role: "user",
  content: [
    { type: "text", text: "¿Qué es esto?" },
    ...PICTURES.map(([part]) => ({ type: "image" as const, ...part })),
  ],
};

/** The same message as OpenAI's interface takes it. */
export const SENT_IMAGE_MESSAGE = {
  role: "user",
  content: [
    { type: "text", text: "¿Qué es esto?" },
    ...PICTURES.map(([, url]) => ({ type: "image_url", image_url: { url } })),
  ],
};

/** A message whose picture nobody can tell. */
export const UNKNOWN_IMAGE_MESSAGE: Message = {
  role: "user",
  content: [{ type: "image", image: new Uint8Array([1, 2, 3]) }],
};
