/**
 * Lets other tabs know for how long an answer is being written.
 *
 * @param id The id of the answer.
 * @returns Tells them that it is over.
 */
export function holdAnswer(id: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  // A page without TLS has none.
  void navigator.locks?.request(id, () => promise);
  return resolve;
}

/**
 * Tells whether an answer is being written in some tab.
 *
 * @param id The id of the answer.
 * @returns Whether it is.
 */
export async function isAnswerHeld(id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks?.query() ?? {};
  return held.some(({ name }) => name === id);
}
