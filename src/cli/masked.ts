import { maskDigits } from "../model/phone.ts";

/**
 * A text of whatever went wrong, as it may be sent to somebody else: without numbers, user names, tokens, and the
 * secrets that the environment holds.
 */
export function masked(text: string, env: NodeJS.ProcessEnv): string {
  const hidden = secretsOf(env)
    .reduce((left, secret) => left.replaceAll(secret, "(secret)"), text)
    .replace(jsonWebToken, "(token)")
    .replace(/\bBearer\s+[\w.~+/-]+=*/gi, "Bearer (token)");
  return withoutNumbers(hidden).replace(/[^\s<>()"']+@[^\s<>()"']+/g, "(user)");
}

/** A text that may repeat what was typed, with every number masked that is long enough to be a phone's. */
export function withoutNumbers(text: string): string {
  return text.replace(number, found => ((found.match(/\d/g) ?? []).length < 7 ? found : maskDigits(found)));
}

const jsonWebToken = /eyJ[\w-]{7,}\.[\w-]{7,}(\.[\w-]*)?/g;
const number = /\+?\d[\d ().\u00a0/-]{5,}\d/g;

/** By their names: whoever adds a variable with a secret calls it so. The longest first: one may hold another. */
function secretsOf(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(env)
    .flatMap(([name, value = ""]) => (secretName.test(name) && value.length >= 8 ? [value] : []))
    .toSorted((left, right) => right.length - left.length);
}

const secretName = /TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY|CREDENTIAL|PROXY/i;
