/**
 * Makes docs/connector-lint.svg, the picture of docs/power-automate.md: the command line itself, over the package and over
 * the connector of 2020. Run it with `node script/lintPicture.ts` when what prepop prints has changed.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConnector } from "../src/connector/options.ts";
import { connectorPackage, writeFiles } from "../src/connector/package.ts";
import { connector2020 } from "../test/connector/connector2020.ts";
import { runCli } from "../test/support/cli.ts";
import { terminalPicture } from "./terminalPicture.ts";

const columns = 100;
const folder = mkdtempSync(join(tmpdir(), "prepop-picture-"));
try {
  await writeFiles(join(folder, "connector"), connectorPackage(defaultConnector));
  const { definition, properties, readme } = connector2020();
  await writeFiles(join(folder, "connector2020"), [
    { path: "apiDefinition.swagger.json", content: definition ?? "" },
    { path: "apiProperties.json", content: properties ?? "" },
    { path: "README.md", content: readme ?? "" },
  ]);
  const lines = [...(await lint("connector2020", 8)), "", ...(await lint("connector", 0))];
  writeFileSync(
    join(import.meta.dirname, "../docs/connector-lint.svg"),
    terminalPicture("prepop", columns, lines),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What lint says of a folder: so many lines from the start, and the last one. */
async function lint(name: string, count: number): Promise<string[]> {
  const { stdout } = await runCli(["connector", "lint", join(folder, name)], { env: {} });
  const all = stdout
    .trimEnd()
    .split("\n")
    .map(line => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
  const left = count < all.length - 1 ? ["\u001b[2m  ⋮\u001b[22m"] : [];
  return [
    `\u001b[32m$\u001b[39m \u001b[1mprepop connector lint ${name}\u001b[22m`,
    ...all.slice(0, count),
    ...left,
    ...all.slice(-1),
  ];
}
