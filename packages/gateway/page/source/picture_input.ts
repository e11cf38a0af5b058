import { button, element, find } from "./element.ts";
import { scalePicture } from "./scale_picture.ts";

/** The most pictures of a message. */
const MAX_COUNT = 4;

/** The pictures that go with the next message: chosen, dropped or pasted. */
export class PictureInput {
  readonly #place = find("attachments", HTMLElement);
  readonly #limit: () => number;
  readonly #onProblem: (text: string) => void;
  #pictures: readonly string[] = [];

  /**
   * @param limit Tells the most characters of the address of a picture.
   * @param onProblem Is told what is wrong with a file.
   */
  constructor(limit: () => number, onProblem: (text: string) => void) {
    this.#limit = limit;
    this.#onProblem = onProblem;
    const field = find("files", HTMLInputElement);
    find("attach", HTMLButtonElement).addEventListener(
      "click",
      () => field.click(),
    );
    field.addEventListener("change", () => {
      void this.#add(Array.from(field.files ?? []));
      field.value = "";
    });
    addEventListener(
      "paste",
      (event) => this.#take(event, event.clipboardData),
    );
    addEventListener("dragover", (event) => {
      const isFile = event.dataTransfer?.types.includes("Files") ?? false;
      if (!isFile) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    });
    addEventListener("dragleave", ({ relatedTarget }) => {
      if (relatedTarget === null) document.body.classList.remove("dropping");
    });
    addEventListener("drop", (event) => {
      document.body.classList.remove("dropping");
      this.#take(event, event.dataTransfer);
    });
  }

  /** The pictures. */
  get pictures(): readonly string[] {
    return this.#pictures;
  }

  /** Takes the pictures away. */
  clear(): void {
    this.#show([]);
  }

  #take(event: Event, data: DataTransfer | null): void {
    const files = Array.from(data?.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    void this.#add(files);
  }

  async #add(files: readonly File[]): Promise<void> {
    for (const file of files) {
      if (this.#pictures.length === MAX_COUNT) {
        return this.#onProblem(`A message takes ${MAX_COUNT} pictures.`);
      }
      const picture = await scalePicture(file, this.#limit());
      if (picture === undefined) {
        this.#onProblem(`"${file.name}" is no picture that can be shown.`);
      } else this.#show([...this.#pictures, picture]);
    }
  }

  #show(pictures: readonly string[]): void {
    this.#pictures = pictures;
    this.#place.hidden = pictures.length === 0;
    this.#place.replaceChildren(...pictures.map((address, index) => {
      const image = element("img");
      image.src = address;
      image.alt = `Attachment ${index + 1}`;
      const remove = button("Remove", {
        class: "plain",
        label: `Remove attachment ${index + 1}`,
        onClick: () =>
          this.#show(this.#pictures.filter((_, place) => place !== index)),
      });
      return element("li", {}, image, remove);
    }));
  }
}
