// Answers one request, as an isolate does that has just been started.
import { createGateway } from "@parley/gateway";
import { createOpenAiCompatible } from "../../mod.ts";

const answer = {
  choices: [{
    message: { role: "assistant", content: "Hello" },
    finish_reason: "stop",
  }],
};
const provider = createOpenAiCompatible({
  baseUrl: "http://127.0.0.1:1/v1",
  models: ["model"],
  fetch: () => Promise.resolve(Response.json(answer)),
});
const gateway = createGateway({ providers: [provider], apiKeys: ["key"] });
const response = await gateway(
  new Request("http://127.0.0.1/v1/chat/completions", {
    method: "POST",
    headers: {
      authorization: "Bearer key",
      "content-type": "application/json",
    },
    body: JSON.stringify({
      model: "model",
      messages: [{ role: "user", content: "Hi" }],
    }),
  }),
);
const { choices } = await response.json();
if (choices[0].message.content !== "Hello") throw new Error("No answer");
