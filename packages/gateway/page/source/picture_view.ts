import { element, find } from "./element.ts";

/** The endings of the files of pictures. */
const ENDINGS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/gif": "gif",
};

/**
 * Makes what shows a picture: a click shows it as large as the window.
 *
 * @param address The address of the picture.
 * @param name What it is called.
 * @returns What shows it.
 */
export function createPicture(address: string, name: string): HTMLElement {
  if (!address.startsWith("data:image/")) {
    // Nobody is asked but the gateway, unless the person wants it.
    const link = element("a", {}, `Open ${name.toLowerCase()}`);
    if (/^https?:\/\//.test(address)) link.href = address;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    return link;
  }
  const open = element("button", {
    class: "picture",
    label: `Show ${name.toLowerCase()}`,
    onClick: () => showPicture(address, name),
  }, createImage(address, name));
  open.type = "button";
  const figure = element("figure", {}, open);
  if (name.startsWith("Picture")) {
    figure.append(createDownload(address, name));
  }
  return figure;
}

function createImage(address: string, name: string): HTMLImageElement {
  const image = element("img");
  image.src = address;
  image.alt = name;
  return image;
}

function createDownload(address: string, name: string): HTMLAnchorElement {
  const [, type = ""] = /^data:([^;,]+)/.exec(address) ?? [];
  const link = element("a", { class: "plain" }, "Download");
  link.href = address;
  link.download = `${name.toLowerCase().replaceAll(" ", "-")}.${
    ENDINGS[type] ?? "png"
  }`;
  return link;
}

function showPicture(address: string, name: string): void {
  const dialog = find("picture", HTMLDialogElement);
  const close = element("button", {
    class: "quiet",
    onClick: () => dialog.close(),
  }, "Close");
  dialog.replaceChildren(
    createImage(address, name),
    element("div", { class: "buttons" }, createDownload(address, name), close),
  );
  dialog.showModal();
}
