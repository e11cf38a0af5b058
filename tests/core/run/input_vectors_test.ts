import {
  assert,
  assertEquals,
  assertGreater,
  assertStringIncludes,
} from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import type { ChatInput, ChatOptions } from "../../../core/chat/types.ts";
import { createAiChats } from "../../../providers/ai_chats.ts";
import { createAmigoChat } from "../../../providers/amigo_chat.ts";
import { createAutonomousAi } from "../../../providers/autonomous_ai.ts";
import { createCohereC4aiCommand } from "../../../providers/cohere_c4ai_command.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";
import { createFetch } from "../../_scope.ts";
import { readVectors } from "../../_vectors.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly input?: unknown;
    readonly options?: unknown;
    readonly provider?: unknown;
    readonly code?: string;
    readonly mentions?: string;
  }[];
}

const { cases } = await readVectors<Vectors>("inputs");
const PROVIDERS = {
  createAiChats,
  createAmigoChat,
  createAutonomousAi,
  createCohereC4aiCommand,
};

const cyclic: unknown[] = [];
cyclic.push(cyclic);
const VALUES: Readonly<Record<string, unknown>> = {
  "nan": NaN,
  "inf": Infinity,
  "undefined": undefined,
  "lone-high": "\ud83d",
  "cyclic": cyclic,
  "x*2MiB": "x".repeat(2 * 1024 * 1024),
};

/** Puts values in that JSON has no word for. */
function revive(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ("$" in value) return VALUES[String(value.$)];
  return Object.fromEntries(
    Object.entries(value).map(([key, value]) => [key, revive(value)]),
  );
}

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "messages-missing": " [V01]",
  "content-empty": " [V01]",
  "role-proto": " [V02]",
  "role-case": " [V02]",
  "content-lone-high-surrogate": " [V06]",
  "unknown-model": " [V03]",
  "temperature-nan": " [V04]",
  "temperature-inf": " [V04]",
  "timeout-nan": " [M08]",
  "timeout-string": " [M08]",
  "unknown-option": " [V11]",
  "cyclic-option": " [V05]",
  "api-key-nul": " [V08]",
  "api-key-non-latin1": " [V08]",
  "api-key-outer-space": " [V08]",
  "header-proto": " [C05]",
  "state-id-traversal": " [C04] [C08]",
  "state-id-query": " [C04] [C08]",
  "state-cookie-crlf": " [C04] [C16]",
  "state-other-provider": " [C13]",
  "state-other-origin": " [C13]",
  "state-huge": " [C04]",
};

for (const { name, code, mentions = "", ...given } of cases) {
  Deno.test(`readInput() keeps the door ${code ? "closed" : "open"}: ${name}${FAULTS[name] ?? ""}`, async () => {
    for (const [provider, create] of Object.entries(PROVIDERS)) {
      const { fetch, requests } = createFetch(() =>
        new Response("", { status: 500 })
      );
      try {
        await create({
          baseUrl: "https://chat.example",
          clock: new FakeClock(),
          maxRetries: 0,
          fetch,
          ...revive(given.provider ?? {}) as ProviderOptions,
        }).generate(
          revive("input" in given ? given.input : "hi") as ChatInput,
          revive(given.options ?? {}) as ChatOptions,
        );
      } catch (error) {
        assert(error instanceof ProviderError);
        assertEquals(error.code, code ?? "upstream", provider);
        assertStringIncludes(error.message, mentions);
      }
      if (code === undefined) assertGreater(requests.length, 0);
      else assertEquals(requests.length, 0, provider);
    }
  });
}
