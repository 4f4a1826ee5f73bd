export type * from "./contract.ts";
// export { explain } from "./explain.ts"; // explain(observed: Sighting | UnknownTrack, context: Context): Explanation | Refused
// export { readElements } from "./elements.ts"; // readElements(text: string): { elements: OrbitalElements[]; refused: … }
