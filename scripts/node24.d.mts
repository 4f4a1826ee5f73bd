/** Folder of the checkout. */
export const root: string;
/** Path of a Node of version 24 or later. */
export function node24(): string;
/** Runs a TypeScript file of this repository from source and ends as it ends. */
export function runUnderNode24(file: string, args: readonly string[]): void;
