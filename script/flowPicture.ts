import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { flowPicture } from "./flowPictureText.ts";

/** Makes docs/flow.svg, the flow of docs/power-automate.md. A test holds it equal to what the definition gives. */
writeFileSync(join(import.meta.dirname, "../docs/flow.svg"), flowPicture());
