import { testWorlds } from "./_deep_worlds.ts";

testWorlds(1);
