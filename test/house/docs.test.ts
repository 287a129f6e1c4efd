import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { commands } from "../../src/cli/commands.ts";

const root = resolve(import.meta.dirname, "../..");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(".md"))
    .map(name => join("docs", name)),
];
const known = new Set(commands.flatMap(({ name }) => [name, name.split(" ")[0] ?? ""]));

for (const page of pages) {
  const text = readFileSync(join(root, page), "utf8");

  test(`${page} links to files that are there`, () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(match => match[1] ?? "");
    assert.deepEqual(
      links.filter(link => !existsSync(join(root, dirname(page), link))),
      [],
    );
  });

  test(`${page} names source files that are there`, () => {
    const files = [...text.matchAll(/`((?:src|test|script|bench|examples|docs)\/[\w./-]+\.\w+)`/g)];
    assert.deepEqual(
      files.map(match => match[1] ?? "").filter(file => !existsSync(join(root, file))),
      [],
    );
  });

  test(`${page} names commands that there are`, () => {
    const named = [...text.matchAll(/`prepop ([a-z][a-z-]*)/g)].map(match => match[1] ?? "");
    assert.deepEqual(
      named.filter(command => !known.has(command)),
      [],
    );
  });
}
