import type { Call } from "./command.ts";
import { directory, policy, roster, scope, tenant } from "./groups.ts";

/** The list and the options of a call that shape a plan, as words to be typed again. */
export function typedPlan(call: Call): string {
  const words = call.arguments.slice(0, 1).map(quoted);
  for (const { flags } of [...roster, ...directory, ...policy, ...scope, ...tenant]) {
    const flag = flags.split(" ")[0] ?? "";
    words.push(...typed(flag, call.options[camelCase(flag)]));
  }
  return words.join(" ");
}

/** `--exclude-admins` as commander keeps it. */
export function camelCase(flag: string): string {
  return flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function typed(flag: string, value: unknown): readonly string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  if (flag === "--types" && Array.isArray(value)) return [flag, value.join(",")];
  if (Array.isArray(value)) return value.flatMap(each => [flag, quoted(String(each))]);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([kind, header]) => [flag, quoted(`${kind}=${header}`)]);
  }
  return [flag, quoted(String(value))];
}

/** In double quotes where a shell would make something else of it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replace(/["$`]/g, "\\$&")}"`;
}
