import { assert, assertEquals } from "@std/assert";
import type { ErrorCode } from "../../../core/chat/error_code.ts";
import { classifyFailure } from "../../../core/http/failure.ts";
import { findError } from "../../../core/http/find_error.ts";

/** A failure as a server tells it; without a status inside of an answer. */
interface Case {
  readonly from: string;
  readonly status?: number;
  readonly body: unknown;
  readonly code: ErrorCode;
  readonly retryable?: boolean;
}

const CASES: readonly Case[] = JSON.parse(
  await Deno.readTextFile(
    new URL("../../fixtures/failures.json", import.meta.url),
  ),
);

Deno.test("classifyFailure() tells what each server means by its words", () => {
  for (const { from, status, body, code, retryable } of CASES) {
    const error = findError(body);
    assert(error !== undefined, from);
    const failure = classifyFailure(error, status);
    const where = `${from}: ${error.message}`;
    assertEquals(failure.code, code, where);
    if (retryable !== undefined) {
      assertEquals(failure.retryable, retryable, where);
    }
  }
});

Deno.test("classifyFailure() takes a name for the status that it stands for", () => {
  const names = {
    "invalid-request": "INVALID_ARGUMENT invalid_request_error badRequest",
    "authentication": "UNAUTHENTICATED PERMISSION_DENIED permission_error",
    "not-found": "NOT_FOUND not_found_error",
    "rate-limit": "RESOURCE_EXHAUSTED rate_limit_error ThrottlingException",
    "upstream": "INTERNAL api_error UNAVAILABLE overloaded_error",
  };
  for (const [code, all] of Object.entries(names)) {
    for (const name of all.split(" ")) {
      const failure = classifyFailure({ message: "", codes: [name] });
      assertEquals(failure.code, code, name);
    }
  }
});

Deno.test("classifyFailure() blames nobody who asks for a status that is no answer", () => {
  for (const status of [101, 204, 304]) {
    assertEquals(
      classifyFailure({ message: "", codes: [] }, status),
      { code: "bad-response", retryable: false },
    );
  }
});
