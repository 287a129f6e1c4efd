import type { Check } from "../../model/health.ts";
import { block, ok, warn } from "./check.ts";

/** What the machine is like that prepop runs on. */
export type Machine = {
  /** How far the clock is ahead of the service's, ms; undefined where nobody said. */
  readonly clockAheadMs: number | undefined;
  /** Origin of the proxy that Graph is reached through; undefined for none. Never its user or password. */
  readonly proxy: string | undefined;
  /** Files of certificates that are trusted beside Node's own. */
  readonly extraAuthorities: string | undefined;
  readonly ledger:
    | { readonly kind: "none" }
    | { readonly kind: "healthy"; readonly runs: number; readonly unfinished: number }
    | { readonly kind: "broken"; readonly message: string; readonly hint: string };
};

/** Tokens and Retry-After stop making sense beyond this. */
const mostSkewMs = 5 * 60_000;

export function checkMachine({ clockAheadMs, proxy, extraAuthorities, ledger }: Machine): readonly Check[] {
  return [checkClock(clockAheadMs), checkProxy(proxy, extraAuthorities), checkLedger(ledger)];
}

function checkClock(ahead: number | undefined): Check {
  if (ahead === undefined) {
    return warn(
      "clock",
      "The service did not say what time it is.",
      "Check the clock here by another source.",
    );
  }
  const apart = Math.round(Math.abs(ahead) / 1_000);
  if (Math.abs(ahead) <= mostSkewMs)
    return ok("clock", `The clock here and the service's are ${apart} s apart.`);
  const side = ahead > 0 ? "ahead of" : "behind";
  return warn(
    "clock",
    `The clock here is ${Math.round(apart / 60)} min ${side} the service's; a sign-in with a certificate can fail by that.`,
    "Set the clock (time synchronisation).",
  );
}

function checkProxy(proxy: string | undefined, extra: string | undefined): Check {
  const trusted =
    extra === undefined ? "" : " Certificates beside Node's own are trusted (NODE_EXTRA_CA_CERTS).";
  return proxy === undefined
    ? ok("proxy", `No proxy is set; Graph is reached directly.${trusted}`)
    : ok("proxy", `Graph is reached through ${proxy}.${trusted}`);
}

function checkLedger(ledger: Machine["ledger"]): Check {
  switch (ledger.kind) {
    case "none":
      return ok("ledger", "There is no ledger yet; the first apply makes it.");
    case "healthy":
      return ledger.unfinished === 0
        ? ok("ledger", `The ledger can be read: ${ledger.runs} ${ledger.runs === 1 ? "run" : "runs"}.`)
        : warn(
            "ledger",
            `The ledger can be read; ${ledger.unfinished} of its ${ledger.runs} runs ${ledger.unfinished === 1 ? "is" : "are"} not at the end.`,
            "`prepop resume` goes on with the newest one; `prepop runs` lists them.",
          );
    case "broken":
      return block("ledger", ledger.message, ledger.hint);
  }
}
