// Who may do what, as roles go: the one order of them, for the hub that refuses and for the screens that do not offer what would be refused.
import { z } from "zod";

/** `field` is a device of one of ours, which joins by a code and never has a password. */
export const Role = z.enum(["field", "viewer", "analyst", "officer", "supervisor", "owner"]);
export type Role = z.infer<typeof Role>;

/**
 * What a thing asks for: the least role, or `staff`, officers and analysts alike. An analyst is no lesser officer: the two stand side by side above the
 * viewer, each with a desk of their own, and the supervisor has both.
 */
export type Right = Role | "staff";

const WHO_MAY: Readonly<Record<Right, readonly Role[]>> = {
  field: ["field", "viewer", "analyst", "officer", "supervisor", "owner"],
  viewer: ["viewer", "analyst", "officer", "supervisor", "owner"],
  staff: ["analyst", "officer", "supervisor", "owner"],
  analyst: ["analyst", "supervisor", "owner"],
  officer: ["officer", "supervisor", "owner"],
  supervisor: ["supervisor", "owner"],
  owner: ["owner"],
};

export function mayAct(role: Role, right: Right): boolean {
  return WHO_MAY[right].includes(role);
}
