/** What the rules ask of names and sentences that people read. */

/** Ends like a sentence. */
export function isSentence(text: string): boolean {
  return /[.!?]\)?$/.test(text.trim());
}

/** Two words run together, as in `phoneMethods`: it cannot be translated. */
export function hasCamelWord(text: string): boolean {
  return /\b[a-z]+[a-z0-9]*[A-Z]/.test(text);
}

export function endsAlphanumeric(text: string): boolean {
  return /[\p{L}\p{N})]$/u.test(text);
}

export function isTitleCase(text: string): boolean {
  const small = /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|with)$/;
  return text.split(/\s+/).every((word, index) => !/^\p{Ll}/u.test(word) || (index > 0 && small.test(word)));
}

/** Equal but for case, spaces and punctuation: it says nothing new. */
export function saysTheSame(left: string, right: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return bare(left) === bare(right);
}

/** Microsoft's names that a connector must not carry in its own. */
export const productNames =
  /\b(Power\s?Apps|Power\s?Automate|Power\s?BI|Power\s?Virtual\s?Agents|Copilot\s?Studio|Logic\s?Apps|Microsoft\s?Flow|Dynamics\s?365)\b/i;
