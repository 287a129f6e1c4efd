import { createHash, hash } from "node:crypto";
import type { Change, Policy, SmsSignIn } from "../model/change.ts";

export type DigestHead = {
  readonly tenantId: string;
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
};

/** What the digest covers of one change: everything but reason, row, id and times. SHA-256, 32 bytes. */
export function changeHash(change: Change): Uint8Array {
  const { kind, user, userPrincipalName, userId, phoneType, from, to, switchDefault } = change;
  const fields = [userId, phoneType, kind, user, userPrincipalName, from, to];
  return hash("sha256", JSON.stringify(switchDefault ? [...fields, switchDefault] : fields), "buffer");
}

/**
 * The SHA-256, hex, that binds what was shown to what will be applied: tenant, policy, SMS sign-in and the changes,
 * each by its changeHash, sorted, so that two plans of one state have one digest in whatever order they were made.
 */
export function digest(head: DigestHead, sortedHashes: Iterable<Uint8Array>): string {
  const whole = createHash("sha256");
  whole.update(`${JSON.stringify([head.tenantId, head.policy, head.smsSignIn])}\n`);
  for (const each of sortedHashes) whole.update(each);
  return whole.digest("hex");
}
