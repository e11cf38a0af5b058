import type { Model } from "./client.ts";

/** Models of one kind. */
export interface ModelGroup {
  /** What they do. */
  readonly label: string;
  /** The models. */
  readonly models: readonly Model[];
}

/**
 * Finds models by parts of their names.
 *
 * @param models The models.
 * @param query Parts of a name, with blanks between them.
 * @returns The models that have all of them: those that write, and those that
 * draw.
 */
export function searchModels(
  models: readonly Model[],
  query: string,
): readonly ModelGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = models.filter(({ id }) => {
    const name = id.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  return [
    { label: "Chat", models: found.filter(({ draws }) => !draws) },
    { label: "Pictures", models: found.filter(({ draws }) => draws) },
  ].filter(({ models }) => models.length > 0);
}
