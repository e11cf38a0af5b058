import type { Model } from "./client.ts";
import { element, find } from "./element.ts";
import { searchModels } from "./model_search.ts";

/** Lets a person search and pick a model. */
export class ModelPicker {
  readonly #button = find("model", HTMLButtonElement);
  readonly #name = find("model-name", HTMLElement);
  readonly #dialog = find("models", HTMLDialogElement);
  readonly #field = find("model-search", HTMLInputElement);
  readonly #list = find("model-list", HTMLElement);
  readonly #onPick: (model: Model) => void;
  #models: readonly Model[] = [];
  #picked: Model | undefined;
  #active = 0;

  /** @param onPick Is called with the model that a person picks. */
  constructor(onPick: (model: Model) => void) {
    this.#onPick = onPick;
    this.#button.addEventListener("click", () => this.#open());
    this.#field.addEventListener("input", () => {
      this.#active = 0;
      this.#show();
    });
    this.#field.addEventListener("keydown", (event) => this.#onKey(event));
    this.#dialog.addEventListener("click", ({ target }) => {
      // Beside what is in it.
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  /** The model that is picked. */
  get picked(): Model | undefined {
    return this.#picked;
  }

  /**
   * Sets the models.
   *
   * @param models The models.
   * @param wanted The name of the one to pick, where there is such a one.
   */
  setModels(models: readonly Model[], wanted: string): void {
    this.#models = models;
    const picked = models.find(({ id }) => id === wanted) ??
      models.find(({ draws }) => !draws) ?? models[0];
    this.#button.disabled = models.length === 0;
    this.#picked = picked;
    this.#name.textContent = picked?.id ?? "No model";
  }

  #open(): void {
    this.#field.value = "";
    const shown = searchModels(this.#models, "").flatMap(({ models }) =>
      models
    );
    this.#active = Math.max(shown.findIndex((one) => one === this.#picked), 0);
    this.#dialog.showModal();
    this.#show();
  }

  #show(): void {
    const groups = searchModels(this.#models, this.#field.value);
    let index = 0;
    this.#list.replaceChildren(
      ...groups.map(({ label, models }) => {
        const group = element(
          "div",
          { label },
          element("p", {}, label),
          ...models.map((model) => this.#toOption(model, index++)),
        );
        group.role = "group";
        return group;
      }),
    );
    if (index === 0) this.#list.append(element("p", {}, "No such model"));
    this.#activate(this.#active);
  }

  #toOption(model: Model, index: number): HTMLElement {
    const option = element("div", {
      class: "option",
      onClick: () => this.#pick(model),
    }, model.id);
    option.id = `model-${index}`;
    option.role = "option";
    option.ariaSelected = String(model === this.#picked);
    option.dataset.name = model.id;
    return option;
  }

  #activate(index: number): void {
    const options = this.#list.querySelectorAll(".option");
    this.#active = Math.min(
      Math.max(index, 0),
      Math.max(options.length - 1, 0),
    );
    options.forEach((option, place) =>
      option.classList.toggle("active", place === this.#active)
    );
    const active = options[this.#active];
    active?.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", active?.id ?? "");
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (event.key === "Enter") {
      const option = this.#list.querySelector<HTMLElement>(".option.active");
      const name = option?.dataset.name;
      const model = this.#models.find(({ id }) => id === name);
      if (model !== undefined) this.#pick(model);
    } else if (event.key in step) {
      this.#activate(this.#active + step[event.key as keyof typeof step]);
    } else return;
    event.preventDefault();
  }

  #pick(model: Model): void {
    this.#picked = model;
    this.#name.textContent = model.id;
    this.#dialog.close();
    this.#onPick(model);
  }
}
