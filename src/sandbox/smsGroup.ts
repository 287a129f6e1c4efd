import { objectId } from "./ids.ts";
import type { GroupSeed, Settings } from "./settings.ts";

/** The id of the group that the SMS policy names when it is not for everybody. */
export function smsGroupId(seed: number): string {
  return objectId(seed, "group", "SMS sign-in");
}

/** That group itself, so that a reader of the policy can find out whom it covers. */
export function smsGroup({ smsPolicy, seed }: Settings): GroupSeed[] {
  if (smsPolicy.users === "all") return [];
  return [{ displayName: "SMS sign-in", id: smsGroupId(seed), members: [...smsPolicy.users] }];
}
