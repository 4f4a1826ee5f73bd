// Where the shared test data lies, and how a test says that it cannot run without it.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const sharedRoot: string = resolve(fileURLToPath(new URL("../../../shared", import.meta.url)));

/** Path of a file or folder below the shared folder that lies beside the checkout. */
export function sharedData(...parts: string[]): string {
  return join(sharedRoot, ...parts);
}

/**
 * Options for a test that reads the shared folder: skipped, with the reason named, where the folder is absent.
 * Only these tests may be skipped; every other test that cannot run is a failure.
 */
export const needsShared: { readonly skip: false | string } = {
  skip: existsSync(sharedRoot) ? false : "needs ../shared, which is not beside this checkout",
};
