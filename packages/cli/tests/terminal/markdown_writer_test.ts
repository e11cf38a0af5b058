import { assert, assertEquals } from "@std/assert";
import { keepPlain } from "../../terminal/style.ts";
import { MarkdownWriter } from "../../terminal/markdown_writer.ts";

/** Writes a look as marks that can be read. */
function mark(look: unknown, text: string): string {
  return text === "" ? "" : `<${[look].flat().join("+")}>${text}</>`;
}

/** Writes a text in pieces. */
function write(text: string, size: number): string {
  const writer = new MarkdownWriter(mark);
  let shown = "";
  for (let index = 0; index < text.length; index += size) {
    shown += writer.write(text.slice(index, index + size));
  }
  return shown + writer.end();
}

const CASES: readonly (readonly [markdown: string, shown: string])[] = [
  ["Good day", "Good day"],
  ["# One\n## Two ##\n", "<bold+underline>One</>\n<bold>Two</>\n"],
  ["##  C#  ###  \n## C#\n", "<bold>C#</>\n<bold>C#</>\n"],
  [
    "a **b** *c* `d` ~~e~~\n",
    "a <bold>b</> <italic>c</> <cyan>d</> <strikethrough>e</>\n",
  ],
  ["snake_case 2 * 3 * 4\n", "snake_case 2 * 3 * 4\n"],
  ["**not closed\n", "**not closed\n"],
  ["\\*plain\\* &amp; <b>\n", "*plain* &amp; <b>\n"],
  ["- a\n  * b\n1. c\n", "<yellow>• </>a\n  <yellow>• </>b\n<yellow>1. </>c\n"],
  ["- [ ] a\n- [x] b\n", "<yellow>• ☐ </>a\n<yellow>• ☑ </>b\n"],
  ["> quote **b**\n", "<dim>│ </>quote <bold>b</>\n"],
  ["---\n", `<dim>${"─".repeat(40)}</>\n`],
  [
    "```ts\nconst x = `**y**`;\n\n```\nafter\n",
    "<dim>```ts</>\n<cyan>const x = `**y**`;</>\n\n<dim>```</>\nafter\n",
  ],
  ["~~~~\n```\n~~~~\n", "<dim>~~~~</>\n<cyan>```</>\n<dim>~~~~</>\n"],
  [
    "[a](https://b.example/)\nhttps://c.example/\n",
    "<underline>a</> <dim>(https://b.example/)</>\n<underline>https://c.example/</>\n",
  ],
  [
    "| a | b |\n|---|--:|\n| **c** | 河 |\n\nd\n",
    "<bold>a</><dim> │ </> <bold>b</>\n<dim>──┼───</>\n".replace(
      "──┼───",
      "──┼───",
    ) +
    "<bold>c</><dim> │ </>河\n\nd\n",
  ],
  ["a | b\nc\n", "a | b\nc\n"],
  ["| a | b |\n", "| a | b |\n"],
  ["a | b\nc | d\n", "a | b\nc | d\n"],
  ["| a |\n|---|---|\n", "| a |\n|---|---|\n"],
  ["", ""],
];

for (const [markdown, shown] of CASES) {
  Deno.test(`MarkdownWriter writes ${JSON.stringify(markdown)} in pieces of any size`, () => {
    for (const size of [1, 2, 3, 7, 1_000]) {
      assertEquals(write(markdown, size), shown, `in pieces of ${size}`);
    }
  });
}

Deno.test("MarkdownWriter writes words of a line before the line ends", () => {
  const writer = new MarkdownWriter(mark);
  assertEquals(writer.write("1. Good"), "");
  assertEquals(writer.write(" day **and"), "<yellow>1. </>Good day ");
  assertEquals(writer.write(" night** "), "<bold>and night</> ");
  assertEquals(
    writer.write("a < b [1] snake_case 2 * 3 "),
    "a < b [1] snake_case 2 * 3 ",
  );
  assertEquals(writer.write("`x"), "");
  assertEquals(writer.end(), "`x");
});

Deno.test("MarkdownWriter makes nothing that steers a terminal", () => {
  const hostile = "&#27;[2J &#x1b;c [x](&#27;) `&#27;]0;a&#7;` " +
    "![&Tab;&#155;](https://a.example/%1b[2J \"&#27;\") <a href='&#27;'>\n" +
    "| &#27; |\n|---|\n| **&#27;** |\n";
  const shown = write(hostile, 5).replaceAll(/[\t\n]/g, "");
  assertEquals(/\p{Cc}/u.test(shown), false);
});

Deno.test("MarkdownWriter holds little of a line that may never end", () => {
  for (
    const text of ["*a ".repeat(400), "[a](".repeat(300), "a_".repeat(600)]
  ) {
    const writer = new MarkdownWriter(keepPlain);
    let length = 0;
    for (const [index, letter] of [...text].entries()) {
      length += writer.write(letter).length;
      assert(index - length < 310, `${index} of ${text.slice(0, 4)}`);
    }
  }
});

Deno.test("MarkdownWriter takes no long time for any line", () => {
  const many = 20_000;
  const blanks = " ".repeat(many);
  const hostile = {
    "heading": `# a${blanks}b\n`,
    "table": `|a\n${blanks}-:${blanks}-|\n`,
    "end of code": `\`\`\`\n${blanks}\`\`\`${blanks}a\n`,
    "stars": `${"*a".repeat(many)}\n`,
  };
  for (const [name, line] of Object.entries(hostile)) {
    const started = performance.now();
    write(line, line.length);
    // It takes some milliseconds; what grows with the square takes many seconds.
    const took = performance.now() - started;
    assert(took < 1_000, `${name}: ${took} ms`);
  }
});
