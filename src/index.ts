/**
 * prepop as a library: the same plan, run and ledger as the command line, over edges that you hand in. The changes of a
 * plan hold full numbers; the lines of a run hide all digits but the last two, unless `showNumbers` says otherwise.
 *
 * Problems of a row are values (issues, outcomes). Problems of the world are thrown as {@link PrepopError} with a
 * permanent `code`, a `hint` and the `exitCode` that the command line would have; docs/errors.md lists them.
 */
import { applyPlan } from "./engine/apply.ts";
import { systemClock } from "./engine/clock.ts";
import { connectionsFor, packRequests } from "./engine/packing.ts";
import { makePlan, type OpenPlan, patienceFor } from "./engine/plan.ts";
import { openProfileRoster } from "./engine/profileRoster.ts";
import { isResumable, resumeRun } from "./engine/resume.ts";
import { applyUndo, planUndo } from "./engine/undo.ts";
import { connectGraph as connect, fixedToken, type Graph } from "./graph/connect.ts";
import { type Ledger, type LedgerOptions, openLedger as open } from "./ledger/ledger.ts";
import { nothingToResume, type RunLine, runLines } from "./library/runLines.ts";
import {
  type ApplySettings,
  type AroundSettings,
  type ConnectSettings,
  edgesOf,
  limitsOf,
  type PlanSettings,
  type ProfileSettings,
  paceOf,
  type ResumeSettings,
  type UndoSettings,
} from "./library/settings.ts";
import { openListNamed } from "./library/sharedList.ts";
import { type WriteBackSettings, writeBackRun } from "./library/writeBack.ts";
import { defaultLimits, defaultPace } from "./model/defaults.ts";
import { PrepopError } from "./model/errors.ts";
import { phoneTypes } from "./model/phone.ts";
import type { Plan } from "./model/plan.ts";
import type { WriteBackEnd } from "./model/rowStatus.ts";
import { type OpenOptions, openRoster, type Roster } from "./roster/open.ts";
import { type Sandbox, type SandboxConfig, startSandbox as start } from "./sandbox/sandbox.ts";

export type { Progress } from "./engine/edges.ts";
export type { OpenPlan } from "./engine/plan.ts";
export type { Graph, TokenCredential } from "./graph/connect.ts";
export type { Ledger, LedgerOptions } from "./ledger/ledger.ts";
export type { ErrorLine, RunLine, RunSummaryLine } from "./library/runLines.ts";
export type {
  ApplySettings,
  AroundSettings,
  ConnectSettings,
  PlanSettings,
  ProfileSettings,
  ResumeSettings,
  UndoSettings,
} from "./library/settings.ts";
export type { WriteBackSettings } from "./library/writeBack.ts";
export type { Change, ChangeKind, Policy, Reason, SmsSignIn } from "./model/change.ts";
export type { ProfileColumns, ProfileProperty, ProfileSource } from "./model/directoryProfile.ts";
export { type ErrorCode, PrepopError } from "./model/errors.ts";
export type { IssueCode, RowIssue } from "./model/issue.ts";
export type { Limits, PaceOptions, PlanOptions, RosterOptions, Scope } from "./model/options.ts";
export type { PhoneNumber, PhoneType } from "./model/phone.ts";
export type { Plan, PlanCounts, PlanHeader } from "./model/plan.ts";
export type { RosterRow, RowRef } from "./model/row.ts";
export type { WriteBackEnd } from "./model/rowStatus.ts";
export type { Outcome, OutcomeKind, Run, RunCounts, RunState } from "./model/run.ts";
export type { IssueLine, OutcomeLine } from "./report/jsonLines.ts";
export type { Roster } from "./roster/open.ts";
export type { Sandbox, SandboxConfig } from "./sandbox/sandbox.ts";

/** An opened list, and how it was asked to be read: `plan` reads its numbers by the same options. */
export type OpenRoster = Roster & { readonly options: OpenOptions };

/**
 * Opens a list of users and phones: .xlsx, .csv, .tsv, .json or .ndjson. The columns are found by their headers, or named
 * in `options.columns`; `options.region` is the country of numbers that carry none (two letters). Rows are streamed in
 * batches and can be walked more than once. Close it after use.
 *
 * A list in SharePoint or OneDrive is named by its https address or as `drive:ID/item:ID`, and `around.graph` reads it: in
 * Excel Online for a signed-in person, else from its bytes.
 *
 * @param source a path, an address, or a stream with the bytes of a file (`options.format` then says what it is)
 * @throws PrepopError PREPOP_ROSTER_* (exit code 7) for a file that cannot be used; for a list in Microsoft 365 also
 *   PREPOP_LIST_FORBIDDEN, PREPOP_AUTH_* (4) and PREPOP_GRAPH_* (5 or 1)
 * @example
 * import { readRoster } from "prepop";
 *
 * const roster = await readRoster("examples/employees.xlsx");
 * console.log(roster.columns.mobile?.header); // telephoneNumber
 * for await (const rows of roster.batches()) {
 *   for (const { ref, cells } of rows.slice(0, 1)) console.log(ref.row, cells.user?.text); // 2 adele.aldridge@contoso.com
 * }
 * await roster.close();
 */
export async function readRoster(
  source: string | NodeJS.ReadableStream,
  options: OpenOptions = {},
  around?: AroundSettings,
): Promise<OpenRoster> {
  const shared = typeof source === "string" ? await openListNamed(source, options, around) : undefined;
  if (shared !== undefined) return { ...shared, options };
  const from =
    typeof source === "string"
      ? ({ kind: "file", path: source } as const)
      : ({ kind: "stdin", stream: source } as const);
  return { ...(await openRoster(from, options)), options };
}

/**
 * Makes a list of the numbers that the directory itself has of its users: `mobilePhone` and the business phone of their
 * profiles, which are contact data and no authentication methods. By group or filter, or of everybody; the country of a
 * number that carries none is the user's usageLocation. Read page by page; users without a number are only counted, in
 * `fromProfile`. Close it after use.
 *
 * @throws PrepopError PREPOP_AUTH_* (4), PREPOP_TENANT_MISMATCH (6), PREPOP_GROUP_NOT_FOUND, PREPOP_DIRECTORY_* (1)
 * @see https://learn.microsoft.com/graph/api/user-list
 * @example
 * import { connectGraph, plan, readProfiles, startSandbox } from "prepop";
 *
 * const sandbox = await startSandbox({
 *   users: [{ userPrincipalName: "adele@contoso.com", usageLocation: "US", mobilePhone: "(206) 555-0100" }],
 * });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const roster = await readProfiles({ graph });
 *
 * const made = await plan(roster, { graph });
 * for (const change of made.changes()) console.log(change.ref.property, change.to); // mobilePhone +1 2065550100
 *
 * made.close();
 * await roster.close();
 * await graph.close();
 * await sandbox.close();
 */
export async function readProfiles(settings: ProfileSettings): Promise<OpenRoster> {
  const { region, maxWaitMs = defaultPace.maxWaitMs } = settings;
  const edges = edgesOf(settings);
  const roster = await openProfileRoster(settings, edges, patienceFor(edges, maxWaitMs));
  return { ...roster, options: region === undefined ? {} : { region } };
}

/**
 * Compares a list with what Entra holds. Changes nothing, in Entra and in any ledger. The plan is plain data with a
 * digest: its counts stand in `header`, `changes()` and `issues()` can be walked again and again. It lies in a sealed
 * temporary file, not in memory; close it after use.
 *
 * The defaults are those of the command line: policy `add`, which only fills empty slots, for all users of the list.
 *
 * @throws PrepopError PREPOP_AUTH_* (4), PREPOP_GRAPH_* (5 or 1), PREPOP_TENANT_MISMATCH (6), PREPOP_ROSTER_* (7)
 * @see https://learn.microsoft.com/graph/api/authentication-list-phonemethods
 * @example
 * import { connectGraph, plan, readRoster, startSandbox } from "prepop";
 *
 * const sandbox = await startSandbox({ users: ["adele.aldridge@contoso.com"] });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const roster = await readRoster("examples/employees.csv");
 *
 * const made = await plan(roster, { graph, scope: { only: ["adele.*"] } });
 * console.log(made.header.counts.create); // 1
 * for (const change of made.changes()) console.log(change.kind, change.to); // create +1 2065550100
 *
 * made.close();
 * await roster.close();
 * await graph.close();
 * await sandbox.close();
 */
export async function plan(roster: OpenRoster, settings: PlanSettings): Promise<OpenPlan> {
  const { policy = "add", smsSignIn = "leave", types, watch } = settings;
  if (policy === "remove" && !types && !phoneTypes.some(type => roster.columns[type])) {
    throw new PrepopError("PREPOP_ROSTER_TYPES_NEEDED");
  }
  return await makePlan(
    {
      roster,
      rosterOptions: roster.options,
      scope: settings.scope ?? {},
      options: {
        policy,
        smsSignIn,
        allowLastMethod: settings.allowLastMethod ?? false,
        overwriteMasked: settings.overwriteMasked ?? false,
        ...(types ? { types } : {}),
      },
      concurrency: settings.concurrency ?? defaultPace.concurrency,
      maxWaitMs: settings.maxWaitMs ?? defaultPace.maxWaitMs,
      maxAgeMs: settings.maxAgeMs ?? defaultLimits.maxAgeMs,
      ...(watch ? { watch } : {}),
    },
    edgesOf(settings),
  );
}

/**
 * Does what a plan says, and yields the objects that `prepop apply --json` prints: the issues of the list, an outcome for
 * each change as it happens, and last the summary. Nothing is sent before the ledger holds it. To leave the loop early, or
 * to abort `signal`, interrupts the run: what is under way is finished, and `resume` goes on.
 *
 * @throws PrepopError before anything is sent: PREPOP_PLAN_* (8), PREPOP_GUARD_* (6), PREPOP_LEDGER_* (5 or 1). A run
 *   that stops on its way does not throw: it yields an `error` line and a summary with its exit code.
 * @see https://learn.microsoft.com/graph/api/authentication-post-phonemethods
 * @example
 * import { apply, connectGraph, openLedger, plan, readRoster, startSandbox } from "prepop";
 *
 * const sandbox = await startSandbox({ users: ["adele.aldridge@contoso.com"] });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const ledger = openLedger({ home: "./prepop-data" });
 * const roster = await readRoster("examples/employees.csv");
 * const made = await plan(roster, { graph, scope: { only: ["adele.*"] } });
 *
 * for await (const line of apply(made, { graph, ledger })) {
 *   if (line.type === "outcome") console.log(line.outcome, line.to); // applied +• ••••••••00
 *   if (line.type === "summary") console.log(line.counts.applied, line.state); // 1 done
 * }
 *
 * made.close();
 * await roster.close();
 * ledger.close();
 * await graph.close();
 * await sandbox.close();
 */
export function apply(plan: Plan, settings: ApplySettings): AsyncIterable<RunLine> {
  const { ledger, digest, keepNumbersMs } = settings;
  const limits = limitsOf(settings);
  return runLines({
    command: "apply",
    issues: plan.issues(),
    edges: own => edgesOf(settings, own),
    start: edges =>
      applyPlan(
        {
          plan,
          ledger,
          limits,
          pace: paceOf(settings),
          command: "apply",
          ...(digest === undefined ? {} : { digest }),
          ...(keepNumbersMs === undefined ? {} : { keepNumbersMs }),
        },
        edges,
      ),
    stopAtFailures: limits.stopAtFailures,
    showNumbers: settings.showNumbers ?? false,
  });
}

/**
 * Goes on with a run that was interrupted: what was sent without an answer is read back first, the rest is sent. Yields
 * the outcomes of the entries that it finished, and last the summary. Where there is nothing to resume, the summary is all.
 *
 * @throws PrepopError PREPOP_RUN_NOT_FOUND (1), PREPOP_RUN_SUPERSEDED and PREPOP_RUN_TOO_OLD (8), PREPOP_TENANT_MISMATCH
 *   (6), PREPOP_LEDGER_* (5 or 1)
 * @example
 * import { apply, connectGraph, openLedger, plan, readRoster, resume, startSandbox } from "prepop";
 *
 * const sandbox = await startSandbox({ users: ["adele.aldridge@contoso.com", "debra.aldridge@contoso.com"] });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const ledger = openLedger({ home: "./prepop-data" });
 * const roster = await readRoster("examples/employees.csv");
 * const made = await plan(roster, { graph, scope: { only: ["adele.*", "debra.aldridge@*"] } });
 *
 * for await (const line of apply(made, { graph, ledger, rate: 1 })) {
 *   if (line.type === "outcome") break; // as if the process had ended here
 * }
 * for await (const line of resume({ graph, ledger })) {
 *   if (line.type === "summary") console.log(line.command, line.state); // resume done
 * }
 *
 * made.close();
 * await roster.close();
 * ledger.close();
 * await graph.close();
 * await sandbox.close();
 */
export async function* resume(settings: ResumeSettings): AsyncGenerator<RunLine, void> {
  const { ledger, run: wanted } = settings;
  const run = wanted === undefined ? firstOpen(ledger) : ledger.run(wanted);
  if (wanted !== undefined && !run) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
  if (!run || !isResumable(run, ledger.counts(run.id))) {
    yield nothingToResume(run?.id ?? null);
    return;
  }
  const limits = limitsOf(settings);
  yield* runLines({
    command: "resume",
    issues: [],
    edges: own => edgesOf(settings, own),
    start: edges => resumeRun({ run, ledger, limits, pace: paceOf(settings) }, edges),
    stopAtFailures: limits.stopAtFailures,
    showNumbers: settings.showNumbers ?? false,
  });
}

/**
 * Takes a finished run back: numbers, SMS sign-in and default methods as they were before it. What is in doubt is read back
 * first; what was changed since, by somebody else or by a later run, is refused one by one. It is a run of its own, with the
 * guards of `apply`, can be resumed, and can itself be undone.
 *
 * @throws PrepopError PREPOP_RUN_NOT_FOUND (1), PREPOP_RUN_NOT_ENDED and PREPOP_GUARD_* (6), PREPOP_RUN_FORGOTTEN (8),
 *   PREPOP_LEDGER_* (5 or 1)
 * @example
 * import { apply, connectGraph, openLedger, plan, readRoster, startSandbox, undo } from "prepop";
 *
 * const sandbox = await startSandbox({ users: ["adele.aldridge@contoso.com"] });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const ledger = openLedger({ home: "./prepop-data" });
 * const roster = await readRoster("examples/employees.csv");
 * const made = await plan(roster, { graph, scope: { only: ["adele.*"] } });
 *
 * let run = "";
 * for await (const line of apply(made, { graph, ledger })) if (line.type === "summary") run = line.run ?? "";
 * for await (const line of undo({ run, graph, ledger })) {
 *   if (line.type === "outcome") console.log(line.kind, line.outcome); // delete applied
 * }
 * console.log(sandbox.user("adele.aldridge@contoso.com")?.phones); // {}
 *
 * made.close();
 * await roster.close();
 * ledger.close();
 * await graph.close();
 * await sandbox.close();
 */
export async function* undo(settings: UndoSettings): AsyncGenerator<RunLine, void> {
  const { ledger, run: wanted, digest, keepNumbersMs } = settings;
  const run = ledger.run(wanted);
  if (!run) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: wanted });
  const request = { run, ledger, limits: limitsOf(settings), pace: paceOf(settings) };
  const made = await planUndo(request, edgesOf(settings));
  const bound = {
    ...(digest === undefined ? {} : { digest }),
    ...(keepNumbersMs === undefined ? {} : { keepNumbersMs }),
  };
  try {
    yield* runLines({
      command: "undo",
      issues: [],
      edges: own => edgesOf(settings, own),
      start: edges => applyUndo({ ...request, ...bound, plan: made }, edges),
      stopAtFailures: request.limits.stopAtFailures,
      showNumbers: settings.showNumbers ?? false,
    });
  } finally {
    made.close();
  }
}

function firstOpen(ledger: Ledger) {
  for (const run of ledger.runs()) {
    if (run.state === "open" || run.state === "interrupted" || run.state === "inDoubt") return run;
  }
  return undefined;
}

/**
 * Brings the outcomes of a run back to the list in Microsoft 365 that it came from: into three columns of its table, or,
 * where that cannot be done, as a report beside the file. `roster` is the one that was planned from. Rows are found again by
 * what stands in them, so it does not matter that people sorted or inserted since. What the service does never throws: the
 * answer says what came of it, and why.
 *
 * @throws PrepopError PREPOP_RUN_NOT_FOUND, PREPOP_USAGE (1) for a roster that is no list in Microsoft 365
 * @see https://learn.microsoft.com/graph/api/resources/excel
 * @example
 * import { apply, connectGraph, openLedger, plan, readRoster, startSandbox, writeBack } from "prepop";
 *
 * const url = "https://contoso.sharepoint.com/sites/hr/employees.xlsx";
 * const sandbox = await startSandbox({
 *   users: ["adele.aldridge@contoso.com", "kim@contoso.com"],
 *   signedInAs: "kim@contoso.com",
 *   files: [{ url, from: "examples/employees.xlsx" }],
 * });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const ledger = openLedger({ home: "./prepop-data" });
 * const roster = await readRoster(url, {}, { graph });
 * const made = await plan(roster, { graph, scope: { only: ["adele.*"] } });
 *
 * let run = "";
 * for await (const line of apply(made, { graph, ledger })) if (line.type === "summary") run = line.run ?? "";
 * const end = await writeBack({ roster, run, graph, ledger });
 * console.log(end.kind); // table
 * console.log(sandbox.file(url)?.table("Employees")[1]?.[5]); // applied
 *
 * made.close();
 * await roster.close();
 * ledger.close();
 * await graph.close();
 * await sandbox.close();
 */
export async function writeBack(settings: WriteBackSettings): Promise<WriteBackEnd> {
  return await writeBackRun(settings);
}

/**
 * Opens the ledger of a folder, and makes it where there is none: each entry before its send, each outcome after. Numbers
 * in it are sealed under `key` (32 bytes, base64) or under a key file beside it (docs/security.md). Close it after use.
 *
 * @throws PrepopError PREPOP_LEDGER_CORRUPT, PREPOP_LEDGER_FOREIGN, PREPOP_LEDGER_KEY, PREPOP_LEDGER_WRITE (1)
 * @example
 * import { openLedger } from "prepop";
 *
 * const ledger = openLedger({ home: "./prepop-data" });
 * for (const run of ledger.runs()) console.log(run.id, run.state, run.counts.applied);
 * ledger.close();
 */
export function openLedger(options: LedgerOptions): Ledger {
  return open(options);
}

/**
 * Opens Microsoft Graph, or a sandbox or gateway that answers like it (`origin`; default: the global cloud). Sends nothing
 * yet. Reads and writes that are asked for at about the same time travel together, up to 20 in a `$batch`. Close it after use.
 *
 * @throws PrepopError PREPOP_USAGE_GRAPH_URL (1) for an origin that cannot be used
 * @see https://learn.microsoft.com/graph/deployments
 * @see https://learn.microsoft.com/graph/json-batching
 * @example
 * import { connectGraph, startSandbox } from "prepop";
 *
 * const sandbox = await startSandbox({ users: ["adele@contoso.com"] });
 * const graph = connectGraph({ origin: sandbox.url, token: sandbox.token });
 * const found = await graph.findUser("adele@contoso.com", "upn");
 * if (found.kind === "one") console.log((await graph.listPhones(found.user.id)).phones.length); // 0
 * await graph.close();
 * await sandbox.close();
 */
export function connectGraph(settings: ConnectSettings): Graph {
  const { concurrency = defaultPace.concurrency, batch = defaultPace.batch, ...rest } = settings;
  const credential = "token" in rest ? fixedToken(rest.token) : rest.credential;
  const graph = connect({ ...rest, credential, connections: connectionsFor(concurrency) });
  return packRequests(graph, {
    concurrency,
    batch,
    onNotice: settings.onNotice ?? (() => undefined),
    clock: systemClock,
  });
}

/**
 * Starts an emulator of the Entra endpoints on a loopback address, to rehearse and test against: users, quotas, delays and
 * faults as told, everything invented. `url` and `token` are what `connectGraph` takes. Close it after use.
 *
 * @throws PrepopError PREPOP_USAGE (1) for a setting that it does not know
 * @example
 * import { startSandbox } from "prepop";
 *
 * const sandbox = await startSandbox({ users: 1000, quota: { writeBurst: 50, writePerSecond: 20 }, latencyMs: 60 });
 * sandbox.setPhone("user000000@contoso.com", "mobile", "+31 612345678");
 * console.log(sandbox.user("user000000@contoso.com")?.phones.mobile?.phoneNumber); // +31 612345678
 * await sandbox.close();
 */
export async function startSandbox(config: SandboxConfig = {}): Promise<Sandbox> {
  return await start(config);
}
