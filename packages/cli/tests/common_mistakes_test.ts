// What people get wrong at first at the command line, and what they are told to
// do about it.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT_CODE } from "../terminal/exit_code.ts";
import { runParley } from "./_run_parley.ts";

const MISTAKES: Readonly<
  Record<string, readonly [args: string, told: string]>
> = {
  "there is no question": ["ask", 'see "parley --help"'],
  "a command is misspelt": ["sevre", 'did you mean "serve"?'],
  "an option is misspelt": [
    "ask --modl x hi",
    'Option "--modl" is unknown: did you mean "--model"?',
  ],
  "an option does not exist": [
    "ask --provider x hi",
    'Option "--provider" is unknown: --help tells those that are known',
  ],
  "an option has no value": ["ask -m", '"--model" needs a value'],
  "a setting is misspelt": [
    "ask -o tempature=1 hi",
    'Option "tempature" is unknown: did you mean "temperature"?',
  ],
  "a setting is no number": [
    "ask -o temperature=hot hi",
    'Option "temperature" must be a number',
  ],
  "a picture is not there": [
    "ask --image nope.png hi",
    'Cannot read picture "nope.png"',
  ],
  "a base URL has no scheme": [
    "ask --base-url localhost:1/v1 -m x hi",
    'such as "https://host/v1"',
  ],
  "the key of a gateway has the name of another": [
    "serve --api-key x",
    'did you mean "--api-keys"?',
  ],
  "a port has no name": ["serve 8080", 'see "parley serve --help"'],
  "a port is no number": [
    "serve --port http",
    "--port must be a whole number from 0 to 65535",
  ],
  "a server is not known": ["models nope", "none of openai, ollama"],
  "a server to serve has no scheme": [
    "serve --openai-base-url localhost:1/v1",
    'such as "https://host/v1"',
  ],
};

for (const [mistake, [args, told]] of Object.entries(MISTAKES)) {
  Deno.test(`parley tells what to do where ${mistake}`, async () => {
    const { code, errors } = await runParley(args.split(" "));
    assertStringIncludes(errors, told);
    assertEquals(code, EXIT_CODE.usage);
  });
}
