import { assert, assertEquals } from "@std/assert";
import { MarkdownReader } from "../../page/source/markdown.ts";
import type { ProseNode } from "../../page/source/prose_node.ts";

/** Writes parts as HTML would, with what matters of each. */
function outline(parts: readonly ProseNode[]): string {
  return parts.map((part) => {
    const { tag, text, children = [] } = part;
    if (tag === "#text") return text;
    const known = [
      part.href,
      part.language,
      part.start,
      part.isChecked,
      part.align,
    ]
      .filter((value) => value !== undefined && value !== "");
    const name = [tag, ...known].join(" ");
    return `<${name}>${text ?? outline(children)}</>`;
  }).join("");
}

function read(text: string): string {
  return outline(new MarkdownReader().read(text, true));
}

const CASES = [
  ["One\ntwo\n\nthree", "<p>One\ntwo</><p>three</>"],
  ["# A *b*\n### c", "<h3>A <em>b</></><h5>c</>"],
  [
    "- a\n- b\n  1. c",
    "<ul><li><span>a</></><li><span>b</><ol 1><li><span>c</></></></></>",
  ],
  ["3. a\n4. b", "<ol 3><li><span>a</></><li><span>b</></></>"],
  ["- [x] a", "<ul><li true><input true></><span>a</></></>"],
  ["> a\n> > b", "<blockquote><p>a</><blockquote><p>b</></></>"],
  [
    "| a | b |\n|--:|---|\n| `1` | 2<br>3 |",
    "<table><thead><tr><th right>a</><th>b</></></>" +
    "<tbody><tr><td right><code>1</></><td>2<br></>3</></></></>",
  ],
  [
    "```ts\nlet a;\n\n# b\n```\nc",
    "<code-block ts>let a;\n\n# b</><p>c</>",
  ],
  ["~~~~\n```\n~~~~", "<code-block>```</>"],
  ["**a** _b_ ~~c~~ `d`", "<p><strong>a</> <em>b</> <del>c</> <code>d</></>"],
  ["a\n\n---", "<p>a</><hr></>"],
  [
    "[a](https://b.example/?c=1&amp;d)",
    "<p><a https://b.example/?c=1&d>a</></>",
  ],
  [
    "see https://b.example.",
    "<p>see <a https://b.example/>https://b.example</>.</>",
  ],
  ["[a][b]\n\n[b]: https://c.example", "<p><a https://c.example/>a</></>"],
  [
    "&lt;b&gt; &copy; &#8364; &#x20ac; &nothing; \\*",
    "<p><b> © € € &nothing; *</>",
  ],
  ["![a](https://b.example/c.png)", "<p><a https://b.example/c.png>a</></>"],
  // What would run, or be HTML, is text.
  [
    "[a](javascript:alert(1)) [b](data:text/html,c)",
    "<p><span>a</> <span>b</></>",
  ],
  ["[a](/relative)", "<p><span>a</></>"],
  ['a <b onclick="c">d</b>', '<p>a <b onclick="c">d</b></>'],
  ["<script>a</script>\n", "<p><script>a</script></>"],
  ["a\r\n\r\nb", "<p>a</><p>b</>"],
  ["", ""],
] as const;

Deno.test("MarkdownReader reads Markdown", () => {
  for (const [text, expected] of CASES) {
    assertEquals(read(text), expected, text);
  }
});

const LONG = CASES.map(([text]) => text).join("\n\n");

Deno.test("MarkdownReader gives the same however a text came", () => {
  const whole = read(LONG);
  for (const size of [1, 7, 64]) {
    const reader = new MarkdownReader();
    for (let end = size; end < LONG.length; end += size) {
      reader.read(LONG.slice(0, end), false);
    }
    assertEquals(outline(reader.read(LONG, true)), whole, `${size}`);
  }
});

Deno.test("MarkdownReader leaves what is settled as it is", () => {
  const reader = new MarkdownReader();
  let before: readonly ProseNode[] = [];
  // A link that is defined later is the one thing that changes what stands.
  const text = LONG.replace("[b]: https://c.example", "");
  for (let end = 1; end <= text.length; end++) {
    const parts = reader.read(text.slice(0, end), false);
    before.slice(0, -2).forEach((part, index) => assert(part === parts[index]));
    before = parts;
  }
});

Deno.test("MarkdownReader begins anew with another text", () => {
  const reader = new MarkdownReader();
  reader.read("One\n\ntwo\n\nthree", false);
  assertEquals(outline(reader.read("Four", false)), "<p>Four</>");
});

Deno.test("MarkdownReader takes no long time for any text", () => {
  const hostile = {
    "tildes": "~".repeat(100_000),
    "tildes in a line": `a ${"~".repeat(100_000)}`,
    "lone tildes": "~~a".repeat(33_000),
    "stars": "*a".repeat(50_000),
    "pairs of stars": "a**b".repeat(25_000),
    "underscores": "_a".repeat(50_000),
    "brackets": "[".repeat(100_000),
    "links": "[a](".repeat(25_000),
    "backticks": "a ` `` ```".repeat(10_000),
    "tags": "<a ".repeat(33_000),
    "addresses": "a@".repeat(50_000),
    "quotes": ">".repeat(100_000),
    "quotes between lines": `a\n${">".repeat(10_000)}\nb`,
    "blanks": `a${" ".repeat(100_000)}b`,
    "blanks in a new line": `a\n${" ".repeat(100_000)}b`,
    "rows before a line": `${"|a\n".repeat(50_000)}b`,
    "references": "\u2028[".repeat(50_000),
  };
  read(LONG);
  for (const [name, text] of Object.entries(hostile)) {
    const times = Array.from({ length: 3 }, () => {
      const started = performance.now();
      for (const isWhole of [true, false]) {
        new MarkdownReader().read(text, isWhole);
      }
      return performance.now() - started;
    });
    // Each takes some 5 ms, more where the machine has other work; what grows
    // with the square takes seconds.
    const took = Math.min(...times);
    assert(took < 500, `${name}: ${took} ms`);
  }
});
