import assert from "node:assert/strict";

/**
 * No command of the whole suite may print what it was given in confidence, a token that it got by itself, or a whole
 * number. Only the sandbox names its own token, which is worth nothing elsewhere, and help has example numbers.
 */
export function assertNoSecrets(env: NodeJS.ProcessEnv, argv: readonly string[], output: string): void {
  for (const name of secretVariables) {
    const value = env[name] ?? "";
    assert.ok(value.length < 8 || !output.includes(value), `the value of ${name} was printed`);
  }
  if (argv[0] !== "sandbox") assert.doesNotMatch(output, jsonWebToken, "a token was printed");
  if (argv.includes("--show-numbers") || argv.includes("--help")) return;
  const [number] = wholeNumber.exec(output) ?? [];
  assert.equal(number, undefined, `a whole number was printed by ${argv.slice(0, 2).join(" ")}`);
}

const secretVariables = [
  "PREPOP_ACCESS_TOKEN",
  "PREPOP_LEDGER_KEY",
  "PREPOP_CONNECTOR_SECRET",
  "PREPOP_POWER_PLATFORM_TOKEN",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
];

const jsonWebToken = /eyJ[\w-]{10,}\.[\w-]{10,}\./;

/** A number as everybody writes it. What is masked has dots in the place of digits. */
const wholeNumber = /\+\d(?:[\d ().-]{7,}\d)/;
