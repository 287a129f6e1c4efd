import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { errorsPage } from "../../script/errorsPage.ts";
import { catalogue } from "../../src/model/errors.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/errors.md"), "utf8");

test("docs/errors.md is what the catalogue says (node script/errorsDoc.ts makes it)", () => {
  assert.equal(page, errorsPage());
});

test("every code of the catalogue stands on the page once, and the page knows no other", () => {
  const rows = [...page.matchAll(/^\| `(PREPOP_\w+)` \|/gm)].map(match => match[1] ?? "");
  assert.deepEqual(rows.toSorted(), Object.keys(catalogue).toSorted());
});
