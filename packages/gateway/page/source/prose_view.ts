import { CodeView } from "./code_view.ts";
import { element } from "./element.ts";
import { MarkdownReader } from "./markdown.ts";
import type { ProseNode } from "./prose_node.ts";

/** A part of a text, and what shows it. */
interface Shown {
  part: ProseNode;
  readonly node: Element | Text;
  readonly code?: CodeView;
  readonly children: Shown[];
}

/** How many parts are laid out together, or not at all where they are far. */
const SECTION = 40;

/** The elements that a text is made of, and no others. */
const TAGS: Readonly<Record<string, keyof HTMLElementTagNameMap>> = {
  a: "a",
  blockquote: "blockquote",
  br: "br",
  code: "code",
  del: "del",
  em: "em",
  h3: "h3",
  h4: "h4",
  h5: "h5",
  h6: "h6",
  hr: "hr",
  input: "input",
  li: "li",
  ol: "ol",
  p: "p",
  span: "span",
  strong: "strong",
  tbody: "tbody",
  td: "td",
  th: "th",
  thead: "thead",
  tr: "tr",
  ul: "ul",
};

/** A text with Markdown, which may grow. */
export class ProseView {
  /** What shows it. */
  readonly element: HTMLElement = element("div", { class: "prose" });
  readonly #reader = new MarkdownReader();
  readonly #sections: { readonly element: Element; shown: Shown[] }[] = [];

  /**
   * Shows the text as it is now. What is the same stands: what is selected stays
   * so, and nothing flickers.
   *
   * @param text The text.
   * @param isWhole Whether nothing more comes.
   */
  update(text: string, isWhole: boolean): void {
    const parts = this.#reader.read(text, isWhole);
    const count = Math.ceil(parts.length / SECTION);
    for (const { element } of this.#sections.splice(count)) element.remove();
    for (let index = 0; index < count; index++) {
      const section = this.#sections[index] ?? this.#append();
      const start = index * SECTION;
      const these = parts.slice(start, start + SECTION);
      patch(section.element, section.shown, these);
    }
  }

  #append(): { readonly element: Element; shown: Shown[] } {
    const section = {
      element: element("div", { class: "section" }),
      shown: [],
    };
    this.element.append(section.element);
    this.#sections.push(section);
    return section;
  }
}

function patch(
  parent: Element,
  shown: Shown[],
  parts: readonly ProseNode[],
): void {
  parts.forEach((part, index) => {
    const before = shown[index];
    if (before !== undefined && change(before, part)) return;
    const made = create(part);
    if (before === undefined) parent.append(outside(made.node));
    else outer(before.node).replaceWith(outside(made.node));
    shown[index] = made;
  });
  for (const { node } of shown.splice(parts.length)) outer(node).remove();
}

/** A table that is too wide scrolls by itself. */
function outside(node: Element | Text): Element | Text {
  if (!(node instanceof HTMLTableElement)) return node;
  const scroller = element("div", { class: "wide", label: "Table" }, node);
  scroller.tabIndex = 0;
  scroller.role = "group";
  return scroller;
}

function outer(node: Element | Text): Element | Text {
  return node instanceof HTMLTableElement ? node.parentElement ?? node : node;
}

/** Makes a part another one, where it can be that. */
function change(shown: Shown, part: ProseNode): boolean {
  const { part: before, node, code } = shown;
  const isSame = before === part || (before.tag === part.tag &&
    before.source === part.source && before.isClosed === part.isClosed);
  if (isSame) return true;
  const isAlike = before.tag === part.tag && before.href === part.href &&
    before.language === part.language && before.start === part.start &&
    before.isChecked === part.isChecked && before.align === part.align;
  if (!isAlike) return false;
  shown.part = part;
  const { text = "", children = [] } = part;
  if (code !== undefined) code.update(text, part.isClosed ?? true);
  else if (node instanceof Text) writeText(node, text);
  else patch(node, shown.children, children);
  return true;
}

function writeText(node: Text, text: string): void {
  if (text.startsWith(node.data)) node.appendData(text.slice(node.data.length));
  else node.data = text;
}

function create(part: ProseNode): Shown {
  const { tag, text = "", language = "", children = [] } = part;
  if (tag === "#text") {
    return { part, node: document.createTextNode(text), children: [] };
  }
  if (tag === "code-block") {
    const code = new CodeView(language);
    code.update(text, part.isClosed ?? true);
    return { part, node: code.element, code, children: [] };
  }
  const node = tag === "table"
    ? document.createElement("table")
    : element(TAGS[tag] ?? "span");
  if (node instanceof HTMLAnchorElement) {
    node.href = part.href ?? "";
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    node.title = part.href ?? "";
  } else if (node instanceof HTMLInputElement) {
    node.type = "checkbox";
    node.disabled = true;
    node.checked = part.isChecked ?? false;
    node.ariaLabel = node.checked ? "Done" : "To do";
  } else if (node instanceof HTMLOListElement) node.start = part.start ?? 1;
  else if (tag === "li" && part.isChecked !== undefined) {
    node.className = "task";
  }
  if (part.align !== undefined) node.classList.add(part.align);
  const shown: Shown = { part, node, children: [] };
  patch(node, shown.children, children);
  return shown;
}
