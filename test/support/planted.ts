import { filesOf } from "./ledgerData.ts";

/** Things that must never be seen, by what they are. */
export type Planted = Readonly<Record<string, string>>;

/** Under which names a text, or a file, holds something planted: as it is, escaped, encoded, or with other separators. */
export function leaks(text: string, planted: Planted): readonly string[] {
  const digits = text.replace(/[\s().\u00a0/-]/g, "");
  return Object.entries(planted).flatMap(([name, value]) => {
    const forms = value.startsWith("+") ? [] : spellings(value);
    const seen = value.startsWith("+")
      ? digits.includes(value.replace(/\D/g, "").slice(-lastDigits))
      : forms.some(form => text.includes(form));
    return seen ? [name] : [];
  });
}

/** Numbers are known by so many of their last digits, whatever stands before them. */
const lastDigits = 8;

function spellings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

/** The same for every file below a folder: which file, and what it holds. */
export function leaksIn(folder: string, planted: Planted): readonly string[] {
  return [...filesOf(folder)].flatMap(([path, bytes]) =>
    leaks(bytes.toString("latin1"), planted).map(name => `${path}: ${name}`),
  );
}
