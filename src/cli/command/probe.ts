import { PrepopError } from "../../model/errors.ts";
import { GraphFault } from "../../model/fault.ts";
import type { ProbeAnswer, ProbeFile } from "../../model/probe.ts";
import type { Tenant, User } from "../../model/user.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, tenant, writing } from "../groups.ts";
import type { OpenEdges } from "../openEdges.ts";
import { repeat, wholeNumber } from "../option.ts";
import type { Output } from "../output.ts";

export const probe: CommandSpec = {
  name: "probe",
  summary: "ask a test tenant what no documentation tells, with test users, and set the sandbox by it",
  arguments: [],
  options: [
    { flags: "--user <user>", summary: "a test user who holds no phone (repeatable)", parse: repeat },
    { flags: "--out <file>", summary: "where to write what was found out (default: probe.json)" },
    {
      flags: "--writes <n>",
      summary: "also write so often, 30 times a second, to meet the limit (for example 500)",
      parse: wholeNumber(1),
    },
    { flags: "--confirm-tenant <domain>", summary: "the tenant's domain, typed, for scripts" },
    { flags: "--restore", summary: "only take back what a broken-off probe left" },
    ...writing,
    ...tenant,
    ...everywhere,
  ],
  examples: [
    "prepop probe --user test1@contoso.com --user test2@contoso.com",
    "prepop probe --user test1@contoso.com --writes 500 --out tenant.json",
    "prepop sandbox start --config probe.json",
  ],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { needYes } = await import("../settings.ts");
    const { openEdges } = await import("../openEdges.ts");
    const output = openOutput(call, () => performance.now());
    const names = (call.options.user as readonly string[] | undefined) ?? [];
    const restore = call.options.restore === true;
    if (names.length === 0 && !restore) {
      throw new PrepopError("PREPOP_USAGE", {
        why: "`probe` works on test users only, and none is named",
        fix: "Name one, or better two or more, with --user.",
      });
    }
    needYes(call);
    const open = await openEdges(call, output);
    try {
      open.seed?.(names);
      const exitCode = await withTenant({ call, output, open, names, restore });
      await open.save();
      return exitCode;
    } finally {
      await open.close();
    }
  },
};

type Work = {
  readonly call: Call;
  readonly output: Output;
  readonly open: OpenEdges;
  readonly names: readonly string[];
  readonly restore: boolean;
};

async function withTenant({ call, output, open, names, restore }: Work): Promise<number> {
  const { patienceFor } = await import("../../engine/plan.ts");
  const { tenantOf } = await import("../../engine/tenantOf.ts");
  const { journalFile, readJournal } = await import("../probeJournal.ts");
  const patience = patienceFor(open.edges, 30_000);
  const where = await tenantOf(open.edges, patience);
  const left = await readJournal(open.home);
  if (left !== undefined && left.tenantId !== where.id) {
    const facts = { tenant: left.tenantId, file: journalFile(open.home) };
    throw new PrepopError("PREPOP_PROBE_LEFT", facts);
  }
  const users = await testUsers(names, left?.users ?? [], open);
  await output.say(`Tenant ${[where.displayName, where.domain, where.id].filter(Boolean).join(" · ")}`);
  if (restore && left === undefined) {
    await output.say("No probe left anything to be taken back.");
    await output.line({ type: "summary", command: "probe", exitCode: 0, restored: 0 });
    return 0;
  }
  await confirm(call, where, restore ? (left?.users.length ?? 0) : users.length);
  if (left !== undefined) {
    await takeBackAll(open, where, left.users);
    output.note(`Took back what a probe that was broken off had given ${left.users.length} users.`);
  }
  if (restore) {
    await output.line({ type: "summary", command: "probe", exitCode: 0, restored: left?.users.length ?? 0 });
    return 0;
  }
  return await ask({ call, output, open, users, where });
}

/** Users who exist and hold nothing; who holds phones that a broken-off probe gave counts as one who holds nothing. */
async function testUsers(
  names: readonly string[],
  left: readonly User[],
  { edges }: OpenEdges,
): Promise<readonly User[]> {
  const { findOne } = await import("../../engine/phones.ts");
  const { patienceFor } = await import("../../engine/plan.ts");
  const patience = patienceFor(edges, 30_000);
  const users = new Map<string, User>();
  for (const name of names) {
    const user = await findOne(name, "upn", edges, patience);
    const { phones } = await patience.read(() => edges.graph.listPhones(user.id));
    if (phones.length > 0 && !left.some(each => each.id === user.id)) {
      const why = `that user holds ${phones.length === 1 ? "a phone" : `${phones.length} phones`}`;
      throw new PrepopError("PREPOP_PROBE_USER", { user: name, why });
    }
    users.set(user.id, { id: user.id, userPrincipalName: user.userPrincipalName });
  }
  return [...users.values()];
}

/** The tenant is confirmed by its domain, typed: a yes is too quick for this. */
async function confirm(call: Call, where: Tenant, users: number): Promise<void> {
  const { canAsk } = await import("../settings.ts");
  const wanted = where.domain ?? where.id;
  let typed = call.options.confirmTenant as string | undefined;
  if (typed === undefined && canAsk(call)) {
    const { ask } = await import("../askForPlan.ts");
    const what = `This gives phones to ${users} test ${users === 1 ? "user" : "users"} of ${wanted} and takes them away, many times.`;
    typed = await ask(call, `${what}\nType ${wanted} to go on: `);
  }
  const known = [wanted, ...(where.domains ?? [])].map(each => each.toLowerCase());
  if (typed !== undefined && known.includes(typed.trim().toLowerCase())) return;
  throw new PrepopError("PREPOP_GUARD_DECLINED", { wanted });
}

type Asking = Omit<Work, "names" | "restore"> & { readonly users: readonly User[]; readonly where: Tenant };

async function ask({ call, output, open, users, where }: Asking): Promise<number> {
  const { probe: answersOf } = await import("../../engine/probe/run.ts");
  const { probeLines } = await import("../../report/probeText.ts");
  const { keepJournal } = await import("../probeJournal.ts");
  const { writeRecord } = await import("../files.ts");
  const writes = (call.options.writes as number | undefined) ?? 0;
  const answers: ProbeAnswer[] = [];
  await keepJournal(open.home, { tenantId: where.id, users });
  try {
    for await (const answer of answersOf(open.edges, { users, writes, perSecond: 30 })) {
      answers.push(answer);
      const { exchanges, ...told } = answer;
      await output.line({ type: "answer", ...told, exchanges: exchanges.length });
      for (const line of probeLines(answer)) await output.say(line);
    }
  } catch (error) {
    await takeBackAll(open, where, users).catch(() => {
      output.note("What was given is still to be taken back: run `prepop probe --restore`.");
    });
    throw error;
  }
  output.note("Taking every phone of the test users away again.");
  await takeBackAll(open, where, users);
  const out = typeof call.options.out === "string" ? call.options.out : "probe.json";
  const file = await fileOf(answers, call, open);
  await writeRecord(
    out,
    (async function* () {
      yield `${JSON.stringify(file, null, 2)}\n`;
    })(),
  );
  const skipped = answers.filter(answer => answer.skipped !== undefined).length;
  await output.say(
    `Wrote ${out}. It names no user, no tenant and no number; please read it before you share it.`,
  );
  for (const line of file.notInSandbox) await output.say(`The sandbox cannot be told: ${line}`);
  await output.say(`Next: prepop sandbox start --config ${out}`);
  const summary = { exitCode: 0, out, answered: answers.length - skipped, skipped };
  await output.line({ type: "summary", command: "probe", ...summary });
  return 0;
}

/** @throws PrepopError PREPOP_PROBE_NOT_UNDONE; the journal stays then */
async function takeBackAll(open: OpenEdges, where: Tenant, users: readonly User[]): Promise<void> {
  const { takeBack } = await import("../../engine/probe/run.ts");
  const { dropJournal } = await import("../probeJournal.ts");
  const { signal: _asked, ...edges } = open.edges;
  const left = await takeBack(edges, users).catch((error: unknown) => {
    // Nobody answers: what is left is not known.
    if (error instanceof GraphFault) return users;
    throw error;
  });
  if (left.length > 0) {
    const names = left.map(({ userPrincipalName }) => userPrincipalName).join(", ");
    throw new PrepopError("PREPOP_PROBE_NOT_UNDONE", { users: names, tenant: where.id });
  }
  await dropJournal(open.home);
}

async function fileOf(answers: readonly ProbeAnswer[], call: Call, open: OpenEdges): Promise<ProbeFile> {
  const { sandboxOf } = await import("../../decide/probe/sandboxOf.ts");
  const { kind } = await open.edges.graph.actor();
  const inOrder = answers.toSorted((left, right) => left.question - right.question);
  return {
    kind: "prepop probe",
    formatVersion: 1,
    prepop: call.surroundings.version,
    day: new Date(open.edges.clock.wall()).toISOString().slice(0, 10),
    cloud: typeof call.options.cloud === "string" ? call.options.cloud : "global",
    caller: kind,
    answers: inOrder,
    ...sandboxOf(inOrder),
  };
}
