import type { DefaultMethod } from "../model/change.ts";
import type { Phones, SandboxUser } from "./user.ts";

/** A user as stored, for tests and seeding: numbers in full, nothing late. */
export type SandboxUserView = {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly phones: Phones;
  readonly defaultMethod: DefaultMethod | undefined;
  readonly deleted: "soft" | "purged" | undefined;
};

/** A copy that later writes do not touch: phones are replaced as a whole, never edited. */
export function userSnapshot(user: SandboxUser): SandboxUserView {
  return {
    id: user.id,
    userPrincipalName: user.seed.userPrincipalName,
    phones: user.phones,
    defaultMethod: user.defaultMethod,
    deleted: user.deleted,
  };
}
