import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { completeError, ProviderError } from "../../../core/chat/errors.ts";

const FACTS = {
  provider: "Parrot",
  model: "grey",
  partial: { text: "secret answer", reasoning: "", images: [], toolCalls: [] },
  attempts: [{ provider: "Parrot", model: "grey" }],
};

Deno.test("ProviderError has only the facts it was given", () => {
  const error = new ProviderError("No", { code: "network" });
  assertEquals(error.name, "ProviderError");
  assertEquals(error.message, "No");
  assertEquals({ ...error }, {
    name: "ProviderError",
    code: "network",
    retryable: false,
  });
  assertEquals(error.cause, undefined);
  assert(!("cause" in error) && !("status" in error));
});

Deno.test("ProviderError keeps the facts it was given", () => {
  const options = {
    code: "rate-limit",
    provider: "Parrot",
    model: "grey",
    status: 429,
    retryable: true,
    retryAfter: 1000,
    phase: "idle",
    body: "slow down",
  } as const;
  const cause = new Error("below");
  const error = new ProviderError("No", { ...options, cause });
  assertEquals({ ...error }, { name: "ProviderError", ...options });
  assertStrictEquals(error.cause, cause);
});

Deno.test("ProviderError.toJSON() gives what is fit for a log", () => {
  const error = completeError(
    new ProviderError("No", {
      code: "upstream",
      status: 500,
      cause: new Error("secret cause"),
    }),
    FACTS,
  );
  assertEquals(JSON.parse(JSON.stringify(error)), {
    message: 'Cannot stream from "Parrot": no',
    name: "ProviderError",
    code: "upstream",
    provider: "Parrot",
    model: "grey",
    status: 500,
    retryable: false,
  });
});

Deno.test("completeError() names the provider and keeps every fact", () => {
  const cause = new Error("below");
  const error = new ProviderError("Status is 429", {
    code: "rate-limit",
    status: 429,
    retryable: true,
    retryAfter: 5,
    cause,
  });
  const complete = completeError(error, FACTS);
  assertEquals(complete.message, 'Cannot stream from "Parrot": status is 429');
  assertEquals({ ...complete }, {
    ...error,
    provider: "Parrot",
    model: "grey",
  });
  assertStrictEquals(complete.cause, cause);
});

Deno.test("completeError() does not name the provider twice", () => {
  const error = new ProviderError("No", { code: "upstream", provider: "X" });
  assertStrictEquals(completeError(error, FACTS), error);
  assertEquals(error.message, "No");
});

Deno.test("completeError() tells what else was done with the provider", () => {
  const error = new ProviderError("Status is 500", { code: "upstream" });
  const facts = { ...FACTS, model: undefined, action: "list the models of" };
  const complete = completeError(error, facts);
  assertEquals(
    complete.message,
    'Cannot list the models of "Parrot": status is 500',
  );
  assertEquals("model" in complete, false);
});

Deno.test("completeError() leaves the letters of a name alone", () => {
  const error = new ProviderError("URL is bad", { code: "upstream" });
  assertEquals(
    completeError(error, FACTS).message,
    'Cannot stream from "Parrot": URL is bad',
  );
});

Deno.test("completeError() adds what is not shown when the error is printed", () => {
  const error = completeError(
    new ProviderError("No", { code: "incomplete" }),
    FACTS,
  );
  assertStrictEquals(error.partial, FACTS.partial);
  assertStrictEquals(error.attempts, FACTS.attempts);
  assert(!Deno.inspect(error).includes("secret answer"));
  assert(!Object.keys(error).includes("attempts"));
});
