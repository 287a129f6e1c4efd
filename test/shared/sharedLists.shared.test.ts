import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PrepopError } from "../../src/index.ts";
import type { OpenOptions } from "../../src/roster/open.ts";
import { aListTenant, type ListTenant } from "../support/sharedList.ts";

type Entry = { readonly file: string; readonly options: OpenOptions };

const shared = process.env.PREPOP_SHARED;
const folder = join(shared ?? "", "data", "roster");
const skip =
  shared === undefined || !existsSync(folder) ? "PREPOP_SHARED does not name the shared folder" : false;
const entries: readonly Entry[] = skip
  ? []
  : JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")).entries;

/** Where Excel Online and the file do not say the same, and why. */
const differs: Readonly<Record<string, string>> = {
  "27-entity-bomb.xlsx": "a file with a document type is refused; Excel Online never shows it",
  "30-zip-bomb.xlsx": "too much for the sandbox to open",
  "public/ej-invalid-xml.xlsx": "the sandbox's Excel mends what our reader refuses",
};

describe("the shared workbooks, in Excel Online and by their bytes", { skip }, () => {
  for (const { file, options } of entries) {
    if (!file.endsWith(".xlsx") || differs[file] !== undefined) continue;
    test(`${file} ${JSON.stringify(options)} gives the same`, async t => {
      const tenant = await aListTenant(t, readFileSync(join(folder, file)));
      const online = await outcome(tenant, "person", options);
      const local = await outcome(tenant, "application", options);
      assert.deepEqual(online.said, local.said);
      t.diagnostic(online.route);
    });
  }
});

async function outcome(tenant: ListTenant, as: "person" | "application", options: OpenOptions) {
  try {
    const { shared: origin, ...said } = await tenant.read(as, options);
    return { said, route: origin?.route ?? "none" };
  } catch (error) {
    assert.ok(error instanceof PrepopError, String(error));
    return { said: { code: error.code, message: error.message }, route: error.code };
  }
}
