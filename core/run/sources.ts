/**
 * The pages that an answer is based on.
 *
 * @module
 */

import type { SourceEvent } from "../chat/events.ts";
import { isFilled, isList, isObject, isString } from "../streams/values.ts";

/** The most sources of an answer. */
const MAX_SOURCES = 1_000;

function isPage(url: unknown): url is string {
  return isString(url) && /^https?:/i.test(url);
}

/** Finds the new pages in a list of URLs, or of objects that have one. */
export type SourceReader = (values: unknown) => readonly SourceEvent[];

/** Makes a reader of the sources of one answer: servers name them again and again. */
export function createSourceReader(): SourceReader {
  const known = new Set<string>();
  return (values) =>
    (isList(values) ? values : []).flatMap((value) => {
      const entry = isObject(value) ? value : { url: value };
      const page = isObject(entry.url_citation) ? entry.url_citation : entry;
      const { title } = page;
      const url = [page.url, page.link, page.uri].find(isPage);
      if (url === undefined || known.has(url)) return [];
      if (known.size === MAX_SOURCES) return [];
      known.add(url);
      const source = { url, ...(isFilled(title) && { title }) };
      return [{ type: "source", source }];
    });
}
