import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import {
  ANYTHING,
  BOOLEAN,
  checkOptions,
  FUNCTION,
  integer,
  number,
  type Rules,
} from "../../../core/chat/rules.ts";

const RULES: Rules = {
  flag: BOOLEAN,
  call: FUNCTION,
  any: ANYTHING,
  share: number(0, 1),
  count: integer(1),
  more: { flag: BOOLEAN },
};

function refuse(options: unknown): string {
  const error = assertThrows(() => checkOptions(RULES, options), ProviderError);
  assertEquals(error.code, "invalid-request");
  return error.message;
}

Deno.test("checkOptions() takes what the rules want", () => {
  checkOptions(RULES, {});
  checkOptions(RULES, {
    flag: false,
    call: () => {},
    any: Symbol(),
    share: 0.5,
    count: 1,
    more: { flag: true },
  });
  // Fails where one of them is refused.
  assertEquals(
    refuse({ flag: 0 }),
    'Option "flag" is not valid: expected true or false',
  );
});

Deno.test("checkOptions() takes undefined for absent", () => {
  const absent = Object.fromEntries(
    Object.keys(RULES).map((name) => [name, undefined]),
  );
  assertEquals(checkOptions(RULES, absent), undefined);
});

Deno.test("checkOptions() names what is wrong, and never its value", () => {
  assertEquals(
    refuse({ call: "secret" }),
    'Option "call" is not valid: expected a function',
  );
  assertEquals(
    refuse({ share: 1.5 }),
    'Option "share" is not valid: expected a number from 0 to 1',
  );
  assertEquals(
    refuse({ count: 1.5 }),
    'Option "count" is not valid: expected a whole number from 1',
  );
  assertEquals(
    refuse({ more: { flag: null } }),
    'Option "more.flag" is not valid: expected true or false',
  );
});

Deno.test("checkOptions() names what is unknown", () => {
  assertEquals(refuse({ falg: 1 }), 'Option "falg" is unknown');
  assertEquals(refuse({ more: { falg: 1 } }), 'Option "more.falg" is unknown');
  assertEquals(refuse({ toString: 1 }), 'Option "toString" is unknown');
});

Deno.test("checkOptions() refuses what are no options", () => {
  for (const options of [null, [], "x", 5]) refuse(options);
  for (const more of [null, [], true]) refuse({ more });
});

Deno.test("number() and integer() refuse what is none [V04] [V05]", () => {
  for (const value of [NaN, Infinity, -Infinity, "1", null, 1n, [1]]) {
    refuse({ share: value });
    refuse({ count: value });
  }
  refuse({ count: 2 ** 53 });
  refuse({ count: 0 });
  refuse({ share: -Number.MIN_VALUE });
});
