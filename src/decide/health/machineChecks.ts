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
  /** The certificate that is signed in with; undefined where there is none. */
  readonly certificate: SignInCertificateFacts | undefined;
  readonly ledger:
    | { readonly kind: "none" }
    | { readonly kind: "healthy"; readonly runs: number; readonly unfinished: number }
    | { readonly kind: "broken"; readonly message: string; readonly hint: string };
};

export type SignInCertificateFacts = {
  /** The last day, ISO. */
  readonly until: string;
  /** Whole days left; negative when it has run out. */
  readonly daysLeft: number;
  /** The profile of the setup that made it, which can make another; undefined for one from elsewhere. */
  readonly setup: string | undefined;
};

/** Tokens and Retry-After stop making sense beyond this. */
const mostSkewMs = 5 * 60_000;

/** So many days before its end a certificate is spoken of, and replaced by the next setup. */
const soonDays = 30;

export function checkMachine(machine: Machine): readonly Check[] {
  const { clockAheadMs, proxy, extraAuthorities, ledger, certificate } = machine;
  return [
    ...(certificate === undefined ? [] : [checkCertificate(certificate)]),
    checkClock(clockAheadMs),
    checkProxy(proxy, extraAuthorities),
    checkLedger(ledger),
  ];
}

function checkCertificate({ until, daysLeft, setup }: SignInCertificateFacts): Check {
  const name = "certificate";
  if (daysLeft >= soonDays) return ok(name, `The certificate that is signed in with is good until ${until}.`);
  const fix =
    setup === undefined
      ? "Make another one, add it to the application beside this one, and sign in with it."
      : `\`prepop setup --profile ${setup}\` puts another one beside it.`;
  return daysLeft < 0
    ? block(name, `The certificate that is signed in with ran out on ${until}.`, fix)
    : warn(
        name,
        `The certificate that is signed in with runs out on ${until}, in ${daysLeft} ${daysLeft === 1 ? "day" : "days"}.`,
        fix,
      );
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
