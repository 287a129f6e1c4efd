import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { ephemeralSealer, openSealer } from "../../src/ledger/seal.ts";
import { PrepopError } from "../../src/model/errors.ts";

const number = "+31 612345678";
const keyText = Buffer.alloc(32, 7).toString("base64");
const keyError = { name: "PrepopError", code: "PREPOP_LEDGER_KEY" };

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "prepop-seal-"));
  file = join(folder, "ledger.key");
});
afterEach(() => rmSync(folder, { recursive: true }));

const withKey = (text: string) => openSealer({ text, file, create: false });

test("what was sealed opens again under the same key", () => {
  const sealed = withKey(keyText).seal(number);
  assert.equal(withKey(` ${keyText}\n`).open(sealed), number);
});

test("a sealed number shows none of its digits and looks different each time", () => {
  const sealer = ephemeralSealer();
  const [first, second] = [sealer.seal(number), sealer.seal(number)];
  assert.ok(!Buffer.from(first).includes("612345678"));
  assert.notDeepEqual(first, second);
});

test("a sealed number with any byte changed does not open", () => {
  const sealer = ephemeralSealer();
  const sealed = sealer.seal(number);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => sealer.open(changed), keyError, `byte ${at}`);
  }
  assert.throws(() => sealer.open(sealed.subarray(0, 20)), keyError);
  assert.throws(() => sealer.open(new Uint8Array()), keyError);
});

test("a number that was moved to another place does not open", () => {
  const sealer = ephemeralSealer();
  const sealed = sealer.seal(number, "run 1, entry 1");
  assert.equal(sealer.open(sealed, "run 1, entry 1"), number);
  assert.throws(() => sealer.open(sealed, "run 1, entry 2"), keyError);
});

test("another key does not open a number", () => {
  const sealed = withKey(keyText).seal(number);
  assert.throws(() => withKey(Buffer.alloc(32, 8).toString("base64")).open(sealed), keyError);
});

test("fingerprints are equal for equal numbers under one key only", () => {
  const sealer = withKey(keyText);
  assert.deepEqual(sealer.fingerprint(number), withKey(keyText).fingerprint(number));
  assert.equal(sealer.fingerprint(number).length, 16);
  assert.notDeepEqual(sealer.fingerprint(number), sealer.fingerprint("+31 612345679"));
  assert.notDeepEqual(sealer.fingerprint(number), ephemeralSealer().fingerprint(number));
});

const unusableKeys: readonly (readonly [name: string, text: string])[] = [
  ["empty", ""],
  ["31 bytes", randomBytes(31).toString("base64")],
  ["33 bytes", randomBytes(33).toString("base64")],
  ["hexadecimal", randomBytes(32).toString("hex")],
  ["with a character that base64 has not", `!${keyText.slice(1)}`],
];
for (const [name, text] of unusableKeys) {
  test(`a key that is ${name} is refused and not repeated in the error`, () => {
    assert.throws(
      () => withKey(text),
      error =>
        error instanceof PrepopError &&
        error.code === "PREPOP_LEDGER_KEY" &&
        (text === "" || !error.message.includes(text)),
    );
  });
}

test("the key file is made once, for its owner only, and used again", () => {
  const sealed = openSealer({ file, create: true }).seal(number);
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
  const text = readFileSync(file, "utf8");
  assert.equal(openSealer({ file, create: true }).open(sealed), number);
  assert.equal(readFileSync(file, "utf8"), text);
});

test("a missing key file is an error where something was sealed before, and none is made", () => {
  assert.throws(() => openSealer({ file, create: false }), keyError);
  assert.equal(existsSync(file), false);
});

test("a damaged key file is refused, never replaced", () => {
  writeFileSync(file, "not a key");
  assert.throws(() => openSealer({ file, create: true }), keyError);
  assert.equal(readFileSync(file, "utf8"), "not a key");
});
