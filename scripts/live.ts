/**
 * Asks each public site one question, over the network, and prints a dated table
 * of how it is. The column "works" of the README is made from it.
 */

import { providers } from "@parley/chat";
import { probeSite, toTable } from "./_live.ts";

const sites = await Promise.all(Object.values(providers).map(probeSite));
console.log(toTable(sites, new Date()));
if (sites.every(({ verdict }) => verdict === "gone")) {
  console.log("No site was reached: has this machine a network?");
}
