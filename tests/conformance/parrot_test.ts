import { testProvider } from "@parley/chat/testing";
import { PARROT } from "./_parrot.ts";

testProvider(PARROT);
