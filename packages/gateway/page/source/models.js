/**
 * Fills the list of models: those that write, and those that draw.
 *
 * @param {HTMLSelectElement} select The list.
 * @param {readonly { id: string, draws: boolean }[]} models The models.
 * @param {string} wanted The model that is picked, where there is such a one.
 */
export function fillModels(select, models, wanted) {
  const groups = Map.groupBy(models, ({ draws }) => draws);
  select.replaceChildren(...Array.from(groups, ([draws, models]) => {
    const group = document.createElement("optgroup");
    group.label = draws ? "Pictures" : "Chat";
    group.append(...models.map(({ id }) => new Option(id, id)));
    return group;
  }));
  select.disabled = models.length === 0;
  if (models.some(({ id }) => id === wanted)) select.value = wanted;
}
