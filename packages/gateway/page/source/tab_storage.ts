/** What is kept for this tab only: a key is forgotten with it. */
const KEY = "parley.key";
const DRAFT = "parley.draft";

/** What every tab begins with. */
const MODEL = "parley.model";

/** A storage that may be forbidden, or full. */
function attempt(act: () => string | null | void): string {
  try {
    return act() ?? "";
  } catch {
    return "";
  }
}

/** The API key, or "". */
export function loadKey(): string {
  return attempt(() => sessionStorage.getItem(KEY));
}

/** Keeps the API key for as long as the tab is there. */
export function saveKey(key: string): void {
  attempt(() => sessionStorage.setItem(KEY, key));
}

/** The message that is not sent yet. */
export function loadDraft(): string {
  return attempt(() => sessionStorage.getItem(DRAFT));
}

/** Keeps the message that is not sent yet. */
export function saveDraft(draft: string): void {
  attempt(() => sessionStorage.setItem(DRAFT, draft));
}

/** The model that was picked last, in any tab. */
export function loadModel(): string {
  return attempt(() => localStorage.getItem(MODEL));
}

/** Keeps the model that is picked. */
export function saveModel(model: string): void {
  attempt(() => localStorage.setItem(MODEL, model));
}
