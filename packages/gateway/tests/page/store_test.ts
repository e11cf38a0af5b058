import { assertEquals } from "@std/assert";
import {
  createTurn,
  loadKey,
  loadSession,
  saveKey,
  saveSession,
} from "../../page/source/store.js";

/** A storage with room for so many characters in a value. */
function createStorage(room = Infinity): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => values.clear(),
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    removeItem: (key) => void values.delete(key),
    setItem(key, value) {
      if (value.length > room) throw new DOMException("", "QuotaExceededError");
      values.set(key, value);
    },
  };
}

const TURNS = [
  createTurn({ role: "user", text: "Hello" }),
  createTurn({
    role: "assistant",
    text: "Good day",
    images: [`data:image/png;base64,${"A".repeat(1_000)}`],
  }),
];

const SESSION = {
  model: "AiChats/gpt-4",
  draft: "And",
  turns: TURNS,
  conversation: { model: "AiChats/gpt-4", token: "sealed" },
};

Deno.test("loadSession() tells what saveSession() kept", () => {
  const storage = createStorage();
  saveSession(storage, SESSION);
  assertEquals(loadSession(storage), SESSION);
});

Deno.test("loadSession() begins with nothing", () => {
  const nothing = { model: "", draft: "", turns: [], conversation: null };
  assertEquals(loadSession(createStorage()), nothing);
  const turns = [
    null,
    { role: "system" },
    { role: "user", text: 1 },
    { role: "user", note: null },
    { role: "assistant", images: [{}] },
    { role: "assistant", images: 1 },
    { role: "assistant", restarts: [{ reason: [], model: "", text: "" }] },
    { role: "assistant", restarts: [null] },
  ].map((turn) => JSON.stringify({ turns: [turn] }));
  for (const broken of ["{", "null", '{"turns":1}', ...turns]) {
    const storage = createStorage();
    storage.setItem("parley.session", broken);
    assertEquals(loadSession(storage), nothing, broken);
  }
});

Deno.test("loadSession() takes an answer that was being written for a stopped one", () => {
  const storage = createStorage();
  const turns = [createTurn({ role: "assistant", state: "writing" })];
  saveSession(storage, { ...SESSION, turns });
  const [turn] = loadSession(storage).turns;
  assertEquals(turn?.state, "stopped");
  assertEquals(turn?.note, "Stopped: the page was left.");
});

Deno.test("saveSession() leaves out pictures where there is no room", () => {
  const storage = createStorage(900);
  saveSession(storage, SESSION);
  const { turns } = loadSession(storage);
  assertEquals(turns.map(({ text }) => text), ["Hello", "Good day"]);
  assertEquals(turns[1]?.images, []);
});

Deno.test("saveSession() does without a storage that is full", () => {
  const storage = createStorage(10);
  saveSession(storage, SESSION);
  assertEquals(storage.length, 0);
});

Deno.test("loadKey() tells the key that saveKey() kept", () => {
  const storage = createStorage();
  assertEquals(loadKey(storage), "");
  saveKey(storage, "sk-test");
  assertEquals(loadKey(storage), "sk-test");
});
