// The rules of the house that imports can break, and a guard against a check that reads nothing:
// under a compiler it does not know, the cruiser reports no violation in no module and calls that a success.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult, type IForbiddenRuleType, type IRegularForbiddenRuleType } from "dependency-cruiser";
import { root } from "./node24.mjs";

const checkout = process.argv[2] ?? root;
process.chdir(checkout);

const packagesAbove = {
  geodesy: [],
  "remote-id": [],
  cot: [],
  cap: [],
  adsb: ["geodesy"],
  ledger: [],
  protocol: [],
  tracker: ["geodesy"],
  words: ["geodesy"],
  "look-alikes": ["geodesy"],
  picture: ["geodesy", "remote-id", "adsb", "cot", "protocol", "tracker", "words", "look-alikes"],
} as const satisfies Record<string, readonly string[]>;

const rules: readonly Omit<IRegularForbiddenRuleType, "severity">[] = [
  { name: "no-cycles", from: {}, to: { circular: true } },
  { name: "packages-know-no-apps", from: { path: "^packages/[^/]+/src/" }, to: { path: "^(apps|drills|bench|testing|scripts|web)/" } },
  { name: "what-web-apps-share-knows-no-app", from: { path: "^web/src/" }, to: { path: "^(apps|drills|bench|testing|scripts)/|/test/" } },
  { name: "packages-have-no-node", from: { path: "^packages/[^/]+/src/" }, to: { dependencyTypes: ["core"] } },
  { name: "drills-know-no-apps", from: { path: "^drills/src/" }, to: { path: "^(apps|bench|testing|scripts)/|/test/" } },
  { name: "scenarios-and-scores-have-no-node", from: { path: "^drills/src/(scenario|scoring)/" }, to: { dependencyTypes: ["core"] } },
  ...Object.entries(packagesAbove).map(([name, allowed]) => ({
    name: `${name}-looks-down-only`,
    from: { path: `^packages/${name}/src/` },
    to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
  })),
  {
    name: "no-app-imports-another",
    from: { path: "^apps/(console|field|hub)/src/" },
    to: { path: "^apps/([^/]+)/", pathNot: "^apps/$1/" },
  },
  { name: "sources-ship-without-tests", from: { path: "^(packages|apps)/[^/]+/src/" }, to: { path: "/test/|^testing/" } },
];
const forbidden: IForbiddenRuleType[] = rules.map((rule) => ({ ...rule, severity: "error" }));

/** TypeScript sources below a folder, as the file system counts them. */
function sourceFiles(folder: string): number {
  if (!existsSync(join(checkout, folder))) return 0;
  return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() &&
      /\.tsx?$/.test(entry.name) &&
      !entry.name.endsWith(".d.ts") &&
      /\/src(\/|$)/.test(entry.parentPath) &&
      !entry.parentPath.includes("node_modules"),
  ).length;
}

const { output } = await cruise(
  ["packages", "apps", "drills", "web"].filter((folder) => existsSync(join(checkout, folder))),
  {
    ruleSet: { forbidden },
    validate: true,
    includeOnly: "^(packages|apps|testing|bench|scripts|drills|web)/|^node:|^[a-z_/]+$",
    exclude: "node_modules|/dist/|/build/",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
);
const { modules, summary } = output as ICruiseResult;
const read = modules.filter(({ source }) => /\/src\/.*\.tsx?$/.test(source)).length;
const expected = sourceFiles("packages") + sourceFiles("apps") + sourceFiles("drills") + sourceFiles("web");
for (const { rule, from, to } of summary.violations) process.stdout.write(`${rule.name}: ${from} → ${to}\n`);
if (read < expected) process.stdout.write(`The check read ${read} modules of ${expected}: its result means nothing\n`);
process.exit(summary.violations.length === 0 && read >= expected ? 0 : 1);
