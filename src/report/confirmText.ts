import { writeKinds } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import { plainText } from "./plainText.ts";
import { kindWords } from "./reason.ts";
import { tenantName } from "./textOptions.ts";
import { list, plural, thousands } from "./words.ts";

/** What `apply` asks on a terminal, and the answer that means yes. */
export type ConfirmQuestion = {
  /** One or more lines; the last one ends with a space, for the answer to be typed behind it. */
  readonly text: string;
  /** `yes` (`y` will do), or the domain of the tenant, to be typed in full. */
  readonly wanted: string;
};

/** More deletes than this need the tenant's domain typed (rules.md, guards: --confirm-tenant). */
const typedFrom = 10;

/** The question before a plan is applied. Tenant and domain stand in its first line. */
export function confirmText(plan: Pick<Plan, "header">): ConfirmQuestion {
  const { counts, tenant } = plan.header;
  const parts = writeKinds
    .filter(kind => counts[kind] > 0)
    .map(kind => `${thousands(counts[kind])} ${kindWords[kind]}`);
  const total = writeKinds.reduce((sum, kind) => sum + counts[kind], 0);
  const question = `Send ${plural(total, "change")} to ${plainText(tenantName(tenant))}: ${list(parts)}?`;
  const domain = tenant.domain ?? tenant.id;
  if (counts.delete > typedFrom) {
    return {
      text: `${question}\nThis removes ${plural(counts.delete, "phone")}. Type ${plainText(domain)} to go on: `,
      wanted: domain,
    };
  }
  return { text: `${question} [y/N] `, wanted: "yes" };
}
