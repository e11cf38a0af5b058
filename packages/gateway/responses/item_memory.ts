/**
 * Items of answers, for clients that refer to what they were sent.
 *
 * @module
 */

/** An item of an answer or a request. */
export type Item = Readonly<Record<string, unknown>>;

/** The most characters that are kept, of all items together. */
const MAX_LENGTH = 16 * 1024 * 1024;

/** What a client of this process may refer to. */
export interface ItemMemory {
  /**
   * Keeps an item; the oldest are forgotten where there are too many.
   *
   * @param keyId Whose it is.
   * @param item The item.
   */
  add(keyId: string, item: Item): void;
  /**
   * Finds an item.
   *
   * @param keyId Who asks: nobody is given what is another's.
   * @param id Its id.
   */
  find(keyId: string, id: string): Item | undefined;
}

/** Makes a memory without items. */
export function createItemMemory(): ItemMemory {
  const kept = new Map<string, { readonly json: string }>();
  let length = 0;
  const toKey = (keyId: string, id: unknown) => JSON.stringify([keyId, id]);
  return {
    add(keyId, item) {
      const key = toKey(keyId, item.id);
      const json = JSON.stringify(item);
      length += json.length - (kept.get(key)?.json.length ?? 0);
      kept.set(key, { json });
      for (const [key, oldest] of kept) {
        if (length <= MAX_LENGTH) break;
        kept.delete(key);
        length -= oldest.json.length;
      }
    },
    find(keyId, id) {
      const found = kept.get(toKey(keyId, id));
      return found && JSON.parse(found.json);
    },
  };
}
