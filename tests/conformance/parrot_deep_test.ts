import { testProvider } from "@parley/testing";
import { PARROT } from "./_parrot.ts";

testProvider(PARROT);
