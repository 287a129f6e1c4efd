import { maskDigits } from "../model/phone.ts";

/** Whether full numbers may be shown (`--show-numbers`). */
export type ShowNumbers = boolean;

/** A number as it may be shown: whole, or with every digit but the last two hidden. */
export function shownNumber<Text extends string | null>(number: Text, show: ShowNumbers): Text | string {
  return number === null || show ? number : maskDigits(number);
}

/** The same for people: the digits that Graph itself hid (`X` or `*`) look like the ones we hide. */
export function readableNumber(number: string, show: ShowNumbers): string {
  return show ? number.replace(/[X*]/g, "•") : maskDigits(number).replace(/[X*]/g, "•");
}

/** The same for a narrow table: what is hidden takes no room (`•••78`). */
export function briefNumber(number: string, show: ShowNumbers): string {
  return show ? readableNumber(number, show) : `•••${(number.match(/\p{Nd}/gu) ?? []).slice(-2).join("")}`;
}

/** A number inside a sentence: `+`, then at least seven digits with the separators people use. */
const numberInText = /\+\d(?:[\s().\-/]{0,3}\d){6,}(?:\s?x\s?\d+)?/g;

/** Hides numbers that stand in a message. Messages come without them; this is the second look. */
export function shownText(text: string, show: ShowNumbers): string {
  return show ? text : text.replace(numberInText, number => maskDigits(number));
}

/**
 * The roster's text of a user. It stays as it is, because reports are joined by it; only a text that is a phone
 * number (the columns were mixed up) is hidden like one. An employee id is digits without `+`, and stays.
 */
export function shownUser(user: string, show: ShowNumbers): string {
  return show || !/^\s*\+[\d\s().\-/]+$/.test(user) ? user : maskDigits(user);
}
