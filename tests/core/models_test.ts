import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { ProviderDefinition } from "../../core/definition.ts";
import { ProviderError } from "../../core/errors.ts";
import { createModels } from "../../core/models.ts";

const DEFINITION: ProviderDefinition = {
  id: "Parrot",
  label: "Parrot",
  url: "https://parrot.example",
  baseUrl: "https://parrot.example",
  working: true,
  defaultModel: "grey",
  models: ["green", "grey", "painter"],
  imageModels: ["painter"],
  modelAliases: { "parrot": "grey", "green": "grey", "brush": "painter" },
  async *respond() {},
};

Deno.test("Models.find() gives the default model where none is named", () => {
  const models = createModels(DEFINITION);
  assertEquals(models.find(), "grey");
  assertEquals(models.find(""), "grey");
});

Deno.test("Models.find() finds ids and aliases, aliases first", () => {
  const models = createModels(DEFINITION);
  assertEquals(models.find("painter"), "painter");
  assertEquals(models.find("parrot"), "grey");
  assertEquals(models.find("green"), "grey");
});

Deno.test("Models.find() lists the names where one is unknown", () => {
  const error = assertThrows(
    () => createModels(DEFINITION).find("secret"),
    ProviderError,
  );
  assertEquals(error.code, "unknown-model");
  assertEquals(error.provider, "Parrot");
  for (const name of ["green", "grey", "painter", "parrot", "brush"]) {
    assertStringIncludes(error.message, `"${name}"`);
  }
  assertEquals(error.message.split('"green"').length, 2);
});

Deno.test("Models.find() takes no name for a property", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    assertThrows(() => createModels(DEFINITION).find(name), ProviderError);
  }
});

Deno.test("Models of the caller replace the known ones", () => {
  const models = createModels(DEFINITION, ["blue", "painter"]);
  assertEquals(models.ids, ["blue", "painter"]);
  assertEquals(models.defaultModel, "blue");
  assertEquals(models.imageIds, ["painter"]);
  assertEquals(models.aliases, { brush: "painter" });
  assertThrows(() => models.find("parrot"), ProviderError);
});

Deno.test("Models of the caller keep the default model where it is among them", () => {
  assertEquals(createModels(DEFINITION, ["blue", "grey"]).find(), "grey");
});

Deno.test("Models.isImageModel() knows what makes pictures", () => {
  const models = createModels(DEFINITION);
  assertEquals(models.isImageModel("painter"), true);
  assertEquals(models.isImageModel("grey"), false);
});
