/**
 * Asks each public site one question, over the network, and prints a dated table
 * of what became of it. The column "works" of the README is made from it.
 */

import { providers } from "@parley/chat";
import { askSite, toTable } from "./_live.ts";

const outcomes = await Promise.all(Object.values(providers).map(askSite));
console.log(toTable(outcomes, new Date()));
if (outcomes.every(({ outcome }) => outcome === "gone")) {
  console.log("No site was reached: has this machine a network?");
}
