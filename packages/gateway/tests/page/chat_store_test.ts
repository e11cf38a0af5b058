import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { assertEquals } from "@std/assert";
import { ChatStore } from "../../page/source/chat_store.ts";
import { addTurn, createChat } from "../../page/source/turns.ts";

/** Opens a new store, as tabs of one browser do. */
function openTabs(): { store: ChatStore; other: ChatStore; changes: string[] } {
  globalThis.indexedDB = new IDBFactory();
  const changes: string[] = [];
  const name = crypto.randomUUID();
  const other = new ChatStore(name, (id) => changes.push(id));
  return { store: new ChatStore(name, () => {}), other, changes };
}

Deno.test("ChatStore keeps chats for every tab", async () => {
  const { store, other } = openTabs();
  const chat = createChat();
  const question = addTurn(chat, { role: "user", text: "Hello" });
  const images = ["data:image/png;base64,AAAA"];
  const answer = addTurn(chat, { role: "assistant", images });
  await store.save(chat, [answer, question]);
  assertEquals(await other.load(chat.id), chat);

  answer.text = "Good day";
  const newer = { ...createChat(), updated: chat.updated + 1 };
  await store.save(newer);
  await store.save(chat, [answer]);
  assertEquals(await other.load(chat.id), chat);
  const heads = await other.list();
  assertEquals(heads.map(({ id }) => id), [newer.id, chat.id]);
  await Promise.all([store.close(), other.close()]);
});

Deno.test("ChatStore deletes messages and chats", async () => {
  const { store, other } = openTabs();
  const chat = createChat();
  const question = addTurn(chat, { role: "user", text: "Hello" });
  const answer = addTurn(chat, { role: "assistant" });
  await store.save(chat, chat.turns);
  await store.removeTurns(chat, [question]);
  assertEquals((await other.load(chat.id))?.turns, [answer]);
  await store.remove(chat.id);
  assertEquals(await other.list(), []);
  assertEquals(await other.load(chat.id), undefined);
  // No message is left behind.
  await store.save(chat);
  assertEquals((await other.load(chat.id))?.turns, []);
  await Promise.all([store.close(), other.close()]);
});

Deno.test("ChatStore tells the other tabs what changed", async () => {
  const { store, other, changes } = openTabs();
  const chat = createChat();
  await store.save(chat);
  while (changes.length === 0) await other.list();
  assertEquals(changes, [chat.id]);
  await Promise.all([store.close(), other.close()]);
});
