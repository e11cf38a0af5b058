import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { ProviderDefinition } from "../../../core/chat/definition.ts";
import { ProviderError } from "../../../core/chat/errors.ts";
import { createModels } from "../../../core/chat/models.ts";

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

Deno.test("Models.getModel() gives the default model where none is named", () => {
  const models = createModels(DEFINITION);
  assertEquals(models.getModel(), "grey");
  assertEquals(models.getModel(""), "grey");
});

Deno.test("Models.getModel() finds ids and aliases, aliases first", () => {
  const models = createModels(DEFINITION);
  assertEquals(models.getModel("painter"), "painter");
  assertEquals(models.getModel("parrot"), "grey");
  assertEquals(models.getModel("green"), "grey");
});

Deno.test("Models.getModel() tells the nearest names where one is unknown [V03]", () => {
  const error = assertThrows(
    () => createModels(DEFINITION).getModel("gray"),
    ProviderError,
    'Model "gray" is unknown to "Parrot": the nearest are "grey", "green"',
  );
  assertEquals(error.code, "unknown-model");
  assertEquals(error.provider, "Parrot");
  for (const name of ["green", "grey", "painter", "parrot", "brush"]) {
    assertStringIncludes(error.message, `"${name}"`);
  }
  assertEquals(error.message.split('"green"').length, 2);
});

Deno.test("Models.getModel() takes no name for a property [V03]", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    assertThrows(() => createModels(DEFINITION).getModel(name), ProviderError);
  }
});

Deno.test("Models of the caller replace the known ones", () => {
  const models = createModels(DEFINITION, ["blue", "painter"]);
  assertEquals(models.models, ["blue", "painter"]);
  assertEquals(models.defaultModel, "blue");
  assertEquals(models.imageModels, ["painter"]);
  assertEquals(models.modelAliases, { brush: "painter" });
  assertThrows(() => models.getModel("parrot"), ProviderError);
});

Deno.test("Models of the caller keep the default model where it is among them", () => {
  assertEquals(createModels(DEFINITION, ["blue", "grey"]).getModel(), "grey");
});

Deno.test("Models know what makes pictures", () => {
  assertEquals(createModels(DEFINITION).imageModels, ["painter"]);
  assertEquals(createModels(DEFINITION, ["grey"]).imageModels, []);
});

const OPEN: ProviderDefinition = { ...DEFINITION, acceptsAnyModel: true };

Deno.test("Models.getModel() takes any name where any model can be asked for", () => {
  const { getModel } = createModels(OPEN);
  for (const name of ["blue", "__proto__", "constructor", " "]) {
    assertEquals(getModel(name), name);
  }
  assertEquals(getModel("parrot"), "grey");
  assertEquals(getModel("green"), "grey");
  assertEquals(getModel(), "grey");
});

Deno.test("Models of the caller are all that can be asked for", () => {
  const { getModel, defaultModel } = createModels(OPEN, ["blue"]);
  assertEquals([getModel("blue"), defaultModel], ["blue", "blue"]);
  assertThrows(() => getModel("green"), ProviderError, 'nearest are "blue"');
});

Deno.test("Models.getModel() wants a name where there is no default model", () => {
  for (const models of [[], ["painter"]]) {
    const { getModel, defaultModel } = createModels({
      ...OPEN,
      defaultModel: "",
      models,
    });
    assertEquals(defaultModel, "");
    for (const name of ["", undefined]) {
      const error = assertThrows(
        () => getModel(name),
        ProviderError,
        '"Parrot" has no default model: name one',
      );
      assertEquals(error.code, "unknown-model");
    }
    assertEquals(getModel("blue"), "blue");
  }
});
