import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { flowPicture } from "../../script/flowPictureText.ts";

test("docs/flow.svg shows the flow that is built (node script/flowPicture.ts)", () => {
  const kept = readFileSync(resolve(import.meta.dirname, "../../docs/flow.svg"), "utf8");
  assert.equal(kept, flowPicture());
});
