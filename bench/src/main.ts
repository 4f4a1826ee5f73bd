// `npm run -s bench -- NAME [--json]`: runs one benchmark and prints its figures (the contract: shared by machines and people).
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Bench, type Figure, machine } from "./bench.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && file !== "bench.ts" && file !== "main.ts")
  .map((file) => file.slice(0, -3));

function line(key: string, { value, unit, runs, min, max }: Figure): string {
  const show = (n: number): string => (Math.abs(n) >= 1000 ? Math.round(n).toLocaleString("en") : n.toPrecision(3));
  return `  ${key.padEnd(28)} ${show(value).padStart(14)} ${unit.padEnd(14)} of ${runs}, ${show(min)} to ${show(max)}`;
}

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`Usage: npm run -s bench -- NAME [--json]\nNAME is one of: ${names.join(", ")}\n`);
  process.exit(2);
}
const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
const { figures, peers } = await bench.run(rest.filter((word) => word !== "--json"));
if (rest.includes("--json")) {
  process.stdout.write(`${JSON.stringify({ name: bench.name, machine: machine(), figures, peers })}\n`);
} else {
  const rows = Object.entries(figures).map(([key, value]) => line(key, value));
  const others = Object.entries(peers).map(([key, value]) => line(key, value));
  const place = Object.entries(machine()).map(([key, value]) => `${key} ${value}`);
  process.stdout.write(`${bench.name}: ${bench.measures}\n${place.join(", ")}\n${rows.join("\n")}\n`);
  if (others.length > 0) process.stdout.write(`compared with, in the same run:\n${others.join("\n")}\n`);
}
process.exit(0);
