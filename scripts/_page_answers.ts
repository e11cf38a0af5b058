/** What a model says that is shown as it is, and is neither HTML nor a script. */
export const MARKUP = '<img src="https://example.com/x" onerror="alert(1)">';

/** What tries to run, to load and to look like the page itself. */
export const HOSTILE = `<img src=x onerror="window.attacked=1">
<script>window.attacked = 2</script>
<iframe srcdoc="<script>parent.attacked=3</script>"></iframe>
<style>body { display: none }</style>

[a](javascript:window.attacked=4) [b](JaVaScRiPt&colon;window.attacked=5)
[c](data:text/html,<script>opener.attacked=6</script>) [d](vbscript:e)
![e](https://example.com/track.png) [f](https://example.com/ "x\\" onclick=\\"")

| <svg onload="window.attacked=7"> | \`</code><script>window.attacked=8</script>\` |
|---|---|
| <form action="https://example.com"> | <b style="position:fixed"> |

\`\`\`"><script>window.attacked=9</script>
</code></pre><script>window.attacked=10</script>
\`\`\`

${"~".repeat(100_000)}

${"*a".repeat(20_000)}

${">".repeat(10_000)}
`;

/** Everything that Markdown has. */
const FORMATS = `# Reaction ferries

A **reaction ferry** crosses a river *without an engine*: the current pushes it
along a cable. In Basel there are ~~three~~ **four** of them, see
[the page of the city](https://www.basel.com/en) or https://example.com/ferries.

## How it works

1. The ferry hangs on a cable that spans the river.
2. The ferryman turns it to about 45°.
   - The current presses on its side,
     - and pushes it across.
3. On the way back he turns it the other way.

> The Rhine does the work; I only hold the rudder.
>
> — a ferryman

- [x] Find the cable
- [ ] Ask when the last one goes

| Ferry | Since | Length |
|:------|:-----:|-------:|
| Leu | 1894 | 180 m |
| Vogel Gryff | 1854 | 200 m |
| Wild Maa | 1862 | 190 m |
| Ueli | 1894 | 195 m |

\`\`\`ts
/** Tells how fast a ferry is. */
function speedOf(current: number, angle: number): number {
  const radians = angle * Math.PI / 180;
  return current * Math.sin(radians); // at best "current"
}
\`\`\`

---

So \`speedOf(2, 45)\` is about 1.4 m/s.
`;

/** The answers of the models of the page, by their names. */
export const ANSWERS: Readonly<
  Record<string, (prompt: string) => string | Iterable<string>>
> = {
  formats: () => FORMATS,
  attacks: () => [HOSTILE],
  thinks: () =>
    "<think>They greet me. What would be a good answer? Something short, and " +
    "friendly, as they are.</think>Good day to you, too.",
  floods: () => Array.from({ length: 250 }, () => FORMATS),
  sees: () => "A picture of many colours.",
};

/**
 * Writes an answer with some code.
 *
 * @param prompt What is said to the model.
 */
export function write(prompt: string): string {
  return `You said: **${prompt}**\n\n${MARKUP}\n\n` +
    "```ts\nconst add = (one: number, other: number): number => one + other;" +
    "\n```\n\nThis is `code`, and this is the end.";
}

/** Begins an answer that never ends. */
export async function* stall(): AsyncGenerator<string> {
  yield* ["One", " two", " three"];
  await new Promise(() => {});
}
