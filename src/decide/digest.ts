import { createHash } from "node:crypto";
import type { Change, Policy, SmsSignIn } from "../model/change.ts";

export type DigestHead = {
  readonly tenantId: string;
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
};

/** The order in which the digest wants the changes: compare these as plain (binary) strings. */
export function digestKey(change: Pick<Change, "userId" | "phoneType" | "kind">): string {
  return `${change.userId}|${change.phoneType}|${change.kind}`;
}

/**
 * The SHA-256, hex, that binds what was shown to what will be applied: tenant, policy, SMS sign-in and the changes
 * sorted by digestKey, without reason, row, id and times, so that two plans of one state have one digest.
 */
export function digest(head: DigestHead, sortedChanges: Iterable<Change>): string {
  const hash = createHash("sha256");
  hash.update(`${JSON.stringify([head.tenantId, head.policy, head.smsSignIn])}\n`);
  for (const change of sortedChanges) {
    const { kind, user, userPrincipalName, userId, phoneType, from, to, switchDefault } = change;
    const fields = [userId, phoneType, kind, user, userPrincipalName, from, to];
    hash.update(`${JSON.stringify(switchDefault ? [...fields, switchDefault] : fields)}\n`);
  }
  return hash.digest("hex");
}
