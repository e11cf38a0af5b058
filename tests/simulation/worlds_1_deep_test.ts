import { testWorlds } from "./_simulate.ts";

testWorlds(0);
