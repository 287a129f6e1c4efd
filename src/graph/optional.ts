import { GraphFault } from "../model/fault.ts";

/** What of Graph prepop uses only where it answers (interface.md, what prepop needs of Graph). */
type Feature =
  | "the organization"
  | "$batch"
  | "$batch of beta"
  | "$select on users"
  | "many users at once"
  | "the list of methods"
  | "the sign-in preferences"
  | "the SMS policy"
  | "the voice policy"
  | "the registration report"
  | "the role assignments";

export type Optional = {
  /** What the read gives, or undefined where this feature is done without. */
  use<T>(feature: Feature, read: () => Promise<T>): Promise<T | undefined>;
  /** The same for an answer that has come already. Throws GraphFault unreadable, because that may have been spoilt. */
  judge<T>(feature: Feature, read: () => T): T | undefined;
  isOff(feature: Feature): boolean;
  /** Does without it from now on, and says so once. */
  turnOff(feature: Feature, fault: GraphFault): void;
};

/**
 * Remembers which features answer. One that refuses at first is off for the rest of the run, with one notice. One that
 * has answered before and now refuses does so for this user (a protected or deleted one), so only he goes without.
 */
export function optionalFeatures(onNotice: (line: string) => void): Optional {
  const answered = new Set<Feature>();
  const off = new Set<Feature>();

  const turnOff = (feature: Feature, { fault }: GraphFault): void => {
    if (off.has(feature)) return;
    off.add(feature);
    const why = fault.kind === "unreadable" ? "unreadable answer" : String(fault.status);
    onNotice(`The tenant does not answer ${feature} (${why}); doing without.`);
  };

  const refused = (feature: Feature, error: unknown): undefined => {
    if (!meansWithout(error)) throw error;
    if (!answered.has(feature)) turnOff(feature, error);
    return undefined;
  };

  return {
    isOff: feature => off.has(feature),
    turnOff,
    judge: (feature, read) => {
      try {
        const value = read();
        answered.add(feature);
        return value;
      } catch (error) {
        if (isSpoilt(error)) throw error;
        return refused(feature, error);
      }
    },
    use: async (feature, read) => {
      if (off.has(feature)) return undefined;
      try {
        const value = await readTwice(read);
        answered.add(feature);
        return value;
      } catch (error) {
        return refused(feature, error);
      }
    },
  };
}

/** An answer that cannot be read may have been spoilt on the way. One that is spoilt twice is not there. */
async function readTwice<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isSpoilt(error)) throw error;
    return await read();
  }
}

function isSpoilt(error: unknown): boolean {
  return error instanceof GraphFault && error.fault.kind === "unreadable";
}

/** Whether a fault means that the feature is not there, and not that something is wrong now. */
export function meansWithout(error: unknown): error is GraphFault {
  if (!(error instanceof GraphFault)) return false;
  const { kind, status } = error.fault;
  return kind === "unreadable" || (kind === "http" && [400, 403, 404, 405, 501].includes(status ?? 0));
}
