// Where am I, and where are the posts and landmarks: the reference map, kept on this phone, readable without a network.
import type { ReactNode } from "react";
export function FieldMap(): ReactNode {
  return null;
}
