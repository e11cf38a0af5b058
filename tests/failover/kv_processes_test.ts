import { assert, assertEquals } from "@std/assert";
import type { CircuitBreaker } from "../../failover/circuit_breaker.ts";
import { createKvStore, type RouteStore } from "../../failover/mod.ts";
import { toLines } from "../../mod.ts";
import {
  type Command,
  createSharedBreaker,
  runCommand,
} from "./_kv_commands.ts";

/** Two processes over one file: this one, and another. */
interface Processes {
  readonly breaker: CircuitBreaker;
  readonly store: RouteStore;
  /** Lets the other process do something. */
  tell(command: Command): Promise<unknown>;
}

async function withProcesses(
  test: (processes: Processes) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parley_" });
  const path = `${folder}/routes.sqlite`;
  const kv = await Deno.openKv(path);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-lock", "--cached-only", "--no-prompt"],
      ...[`--allow-read=${folder}`, `--allow-write=${folder}`],
      ...[new URL("_kv_process.ts", import.meta.url).href, path],
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const answers = toLines(child.stdout)[Symbol.asyncIterator]();
  try {
    await test({
      breaker: createSharedBreaker(kv),
      store: createKvStore(kv),
      async tell(command) {
        const line = `${JSON.stringify(command)}\n`;
        await input.write(new TextEncoder().encode(line));
        const { value } = await answers.next();
        assert(value !== undefined, "The other process has ended");
        return JSON.parse(value);
      },
    });
  } finally {
    await input.close();
    await answers.return?.();
    await child.status;
    kv.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("createKvStore() shows one process what another has found out", async () => {
  await withProcesses(async ({ breaker, tell }) => {
    await breaker.succeed("a", { firstTokenMs: 75 });
    const [measured] = await breaker.look(["a"]);
    assertEquals(measured?.firstTokenMs, 75);
    assertEquals(await tell({ do: "look", key: "a" }), measured);
    await tell({ do: "fail", key: "a", times: 30 });
    const [look] = await breaker.look(["a"]);
    assert(look?.isOpen);
    assertEquals(await tell({ do: "look", key: "a" }), look);
  });
});

Deno.test("createKvStore() loses no failure that two processes count at once", async () => {
  await withProcesses(async ({ breaker, store, tell }) => {
    await tell({ do: "look", key: "a" });
    const command = { do: "fail", key: "a", times: 12 } as const;
    await Promise.all([tell(command), runCommand(breaker, command)]);
    assertEquals(await store.get(["a"]), [{ failures: 24 }]);
  });
});

Deno.test("createKvStore() grants one probe to all claims of two processes", async () => {
  await withProcesses(async ({ breaker, store, tell }) => {
    for (let round = 0; round < 20; round++) {
      const key = `route ${round}`;
      await store.update(key, () => ({ failures: 30, openUntil: 1 }));
      const at = Date.now() + 10;
      const command = { do: "claim", key, times: 8, at } as const;
      const granted = await Promise.all([
        tell(command),
        runCommand(breaker, command),
      ]);
      assertEquals(granted.toSorted(), [0, 1], key);
    }
  });
});
