// How is it said that something cannot be used?
import type { Refusal } from "./contract.ts";

export function refusal(code: Refusal["code"], clause: string, detail: string): Refusal {
  return { code, clause, detail };
}
