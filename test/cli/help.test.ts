import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "../../src/cli/commands.ts";
import { runCli } from "../support/cli.ts";

/** Help is what a person reads first: it fits the terminal, shows how it is used, and reads by headings where it is long. */
for (const { name, options, examples } of commands) {
  test(`the help of ${name} fits 80 columns and ends with examples`, async () => {
    const { exitCode, stdout } = await runCli([...name.split(" "), "--help"], { env: {} });
    assert.equal(exitCode, 0);
    const [above = "", below] = stdout.split("\nExamples:\n");
    for (const line of above.split("\n")) assert.ok(line.length <= 80, line);
    assert.equal(below, `${examples.map(each => `  ${each}`).join("\n")}\n`);
    assert.equal(/^Output:$/m.test(above), options.length > 12, "headings are for long helps");
    for (const { flags } of options) assert.ok(above.includes(flags), flags);
  });
}
