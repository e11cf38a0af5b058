/**
 * The program `parley`, which `deno install` makes a command of.
 *
 * @module
 */

import { parley } from "./parley.ts";
import { createTerminal } from "./terminal/create_terminal.ts";

// Standard input may still be waiting for a line.
Deno.exit(await parley(Deno.args, createTerminal()));
