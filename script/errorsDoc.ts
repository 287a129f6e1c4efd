/**
 * Makes docs/errors.md from the catalogue in src/model/errors.ts. Run it with `node script/errorsDoc.ts` when a code or a
 * text has changed; test/house/errorsDoc.test.ts holds the two equal.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage } from "./errorsPage.ts";

writeFileSync(join(import.meta.dirname, "../docs/errors.md"), errorsPage());
