// Things of a carry list: what is offered before a sector has a list of its own, and whether a list is whole.
import type { CarryItem } from "@atalaya/protocol";

export const USUAL_ITEMS: readonly CarryItem[] = [
  { id: "first-aid-kit", name: { en: "First-aid kit", es: "Botiquín" }, quantity: 1, ends: true },
  { id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 1, ends: false },
  { id: "body-armour", name: { en: "Body armour", es: "Chaleco" }, quantity: 1, ends: false },
  { id: "radio", name: { en: "Radio, spare battery", es: "Radio con batería" }, quantity: 1, ends: false },
  { id: "issued-equipment", name: { en: "Issued equipment", es: "Equipo asignado" }, quantity: 1, ends: false },
];

/** The hub takes it: each thing has a name in both languages, and a place in both or in none. */
export function isWholeList(items: readonly CarryItem[]): boolean {
  return (
    items.length > 0 &&
    items.every(
      ({ name, where, quantity }) =>
        name.en.trim() !== "" &&
        name.es.trim() !== "" &&
        (where === undefined || (where.en.trim() !== "" && where.es.trim() !== "")) &&
        Number.isInteger(quantity) &&
        quantity >= 1 &&
        quantity <= 99,
    )
  );
}
