// What is offered for a carry list before a sector has one of its own: data like any other, to be changed.
import type { CarryItem } from "@atalaya/protocol";

export const USUAL_ITEMS: readonly CarryItem[] = [
  { id: "first-aid-kit", name: { en: "First-aid kit", es: "Botiquín" }, quantity: 1, ends: true },
  { id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 1, ends: false },
  { id: "body-armour", name: { en: "Body armour", es: "Chaleco" }, quantity: 1, ends: false },
  { id: "radio", name: { en: "Radio, spare battery", es: "Radio con batería" }, quantity: 1, ends: false },
  { id: "issued-equipment", name: { en: "Issued equipment", es: "Equipo asignado" }, quantity: 1, ends: false },
];
