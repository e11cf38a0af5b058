import { testProvider } from "@parley/chat/testing";
import { createParrot, createParrotUpstream } from "./_parrot.ts";

testProvider({
  name: "Parrot",
  create: createParrot,
  upstream: createParrotUpstream,
  endMarker: '{"over":true}',
  keepAlive: "\n",
  failure: '{"sick":"overload"}\n',
  opening: '{"say":"',
});
