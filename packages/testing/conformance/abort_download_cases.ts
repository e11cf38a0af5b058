import { check, within } from "./check.ts";
import { hasLinks } from "./image_fixture.ts";
import { checkReleased } from "./check_released.ts";
import type { CaseDefinition, ConformanceTarget } from "./target.ts";
import { createFixture, PROMPT, toPattern } from "./fixture.ts";
import { catchReason, settle, until } from "./waiting.ts";

/** How long an abort may take, in milliseconds. */
const SOON = 400;

/** The pictures of a server in a private network are on it. */
const ANYWHERE = { allowPrivateUrls: true };

/** Finds where a picture is: a regular expression of its path. */
async function findPicture(target: ConformanceTarget): Promise<string> {
  const { options, upstream } = target.pictures ?? {};
  const fixture = await createFixture(target, {
    plan: { path: "" },
    upstream: upstream?.({ imageFormat: "url" }),
    provider: ANYWHERE,
  });
  const { images } = await fixture.provider.generate(PROMPT, options);
  await images[0]?.bytes();
  return toPattern(fixture.requests.at(-1)?.path ?? "");
}

/** The caller's own abort ends a download, too. */
export const ABORT_DOWNLOAD_CASES: readonly CaseDefinition[] = [
  {
    name: "ends with the reason of an abort while it downloads a picture [P18]",
    concerns: hasLinks,
    async run(target) {
      const path = await findPicture(target);
      const { options, upstream } = target.pictures ?? {};
      for (const type of ["silence", "stall"] as const) {
        const fixture = await createFixture(target, {
          plan: { path, faults: [{ type, after: { bytes: 20 } }] },
          upstream: upstream?.({ imageFormat: "url" }),
          provider: ANYWHERE,
        });
        const controller = new AbortController();
        const { signal } = controller;
        const pattern = new RegExp(path);
        const picture = catchReason((async () => {
          const { images } = await fixture.provider.generate(PROMPT, {
            ...options,
            signal,
          });
          await images[0]?.bytes({ signal });
        })());
        await until(
          () => fixture.requests.some((request) => pattern.test(request.path)),
          "it asks for the picture",
        );
        await settle();
        const reason = new Error("Enough");
        controller.abort(reason);
        const thrown = await within(SOON, picture, "The abort");
        check(thrown === reason, `It rejects with ${String(thrown)}`);
        await checkReleased(fixture);
      }
    },
  },
];
