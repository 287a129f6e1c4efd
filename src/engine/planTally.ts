import { deliveryOf, isReached } from "../decide/delivery.ts";
import { domainOf } from "../decide/tenant.ts";
import type { Spool } from "../ledger/spool.ts";
import { type Change, type ChangeKind, changeKinds } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { Scope } from "../model/options.ts";
import type { PlanCounts, PlanHeader } from "../model/plan.ts";
import type { RosterRow } from "../model/row.ts";
import type { ComparedUser } from "./compare.ts";
import { countSideEffect, type PolicyReading } from "./policyReach.ts";

/** Counts while the plan is made, so that it need not be walked again. */
export function createTally(rows: number, scope: Scope) {
  const kinds = Object.fromEntries(changeKinds.map(kind => [kind, 0])) as Record<ChangeKind, number>;
  const counts = { users: 0, outOfScope: 0, excluded: 0 };
  const findings = {
    masked: false,
    maskedFits: 0,
    phonesHeld: 0,
    mobileNumbers: 0,
    mobileLandlines: 0,
    methodsUnknown: 0,
    leftWithoutMethod: 0,
    notRead: 0,
  };
  const domains = new Map<string, number>();
  let smsSideEffect: number | undefined;
  // Numbers that are written, and of them those that no code reaches: undefined once one of them cannot be told.
  let written = 0;
  let disabledUnknown = 0;
  let outside: number | undefined = 0;

  const addIssue = (spool: Spool<RosterRow>, ordinal: number, issue: RowIssue): void =>
    spool.addIssue(ordinal, issue);
  const addChange = (spool: Spool<RosterRow>, change: Change): void => {
    kinds[change.kind]++;
    if (change.basis === "report") findings.notRead++;
    if (change.reason === "maskedFits") findings.maskedFits++;
    spool.addChange(change);
  };

  return {
    /** How many users of each domain there are. */
    domains,
    issue: addIssue,
    user(spool: Spool<RosterRow>, user: ComparedUser, { signIn, reaches }: PolicyReading): void {
      if (signIn) smsSideEffect ??= 0;
      if (user.kind === "outside") {
        counts[user.why === "excluded" ? "excluded" : "outOfScope"]++;
        return;
      }
      counts.users++;
      if (scope.excludeDisabled && user.user.accountEnabled === undefined) disabledUnknown++;
      const domain = domainOf(user.user.userPrincipalName);
      if (domain !== undefined) domains.set(domain, (domains.get(domain) ?? 0) + 1);
      for (const { ordinal, issue } of user.issues) addIssue(spool, ordinal, issue);
      for (const { number, ordinal } of user.numbers) spool.addNumber(number, user.user.id, ordinal);
      for (const change of user.changes) {
        addChange(spool, change);
        if (change.kind !== "create" && change.kind !== "update") continue;
        if (signIn) smsSideEffect = (smsSideEffect ?? 0) + countSideEffect(change, signIn);
        written++;
        const reached = isReached(change, reaches);
        if (reached === undefined) outside = undefined;
        else if (!reached && outside !== undefined) outside++;
      }
      findings.masked ||= user.masked;
      findings.phonesHeld += user.phonesHeld;
      findings.mobileNumbers += user.mobileNumbers;
      findings.mobileLandlines += user.mobileLandlines;
      if (user.methodsUnknown) findings.methodsUnknown++;
      if (user.leftWithoutMethod) findings.leftWithoutMethod++;
    },
    result(
      spool: Spool<RosterRow>,
      { reaches }: PolicyReading,
      endsOn: string | undefined,
    ): Pick<PlanHeader, "counts" | "findings"> {
      let issues = 0;
      let warnings = 0;
      for (const issue of spool.issues()) issue.level === "error" ? issues++ : warnings++;
      const all: PlanCounts = { rows, ...kinds, ...counts, issues, warnings };
      const delivery = { ...deliveryOf(reaches, endsOn), ...(outside === undefined ? {} : { outside }) };
      return {
        counts: all,
        findings: {
          ...findings,
          ...(smsSideEffect === undefined ? {} : { smsSideEffect }),
          ...(scope.excludeDisabled ? { disabledUnknown } : {}),
          ...(written === 0 ? {} : { delivery }),
        },
      };
    },
  };
}
