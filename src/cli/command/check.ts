import type { ProfileRosterRequest } from "../../engine/profileRoster.ts";
import type { Roster, RosterSource } from "../../roster/open.ts";
import type { Call, CommandSpec } from "../command.ts";
import { directory, everywhere, roster, tenants } from "../groups.ts";
import { repeat } from "../option.ts";
import type { Output } from "../output.ts";

export const check: CommandSpec = {
  name: "check",
  summary: "read a list and say what is wrong with it; a file needs no tenant",
  arguments: [
    {
      name: "[roster]",
      summary:
        "a file (.xlsx, .csv, .tsv, .json, .ndjson), - for standard input, or a list in Microsoft 365 by its https address or drive:ID/item:ID",
    },
  ],
  options: [
    { flags: "--inspect", summary: "show sheets, tables and the first rows instead" },
    ...roster,
    ...directory,
    {
      flags: "--group <group>",
      summary: "with --from profile: its members (id or name, repeatable)",
      parse: repeat,
    },
    ...tenants,
    ...everywhere,
  ],
  examples: [
    "prepop check phones.xlsx --region NL",
    "prepop check staff.csv --column user=UPN --column mobile=Handy",
    "prepop check phones.xlsx --inspect",
    "prepop check --from profile",
  ],
  severalTenants: { writes: false },
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { keepHeapSmall } = await import("../smallHeap.ts");
    keepHeapSmall();
    const { profileOptions } = await import("../profileOptions.ts");
    const output = openOutput(call, () => performance.now());
    const profiles = profileOptions(call);
    return call.options.inspect === true ? inspect(call, output) : checkRows(call, profiles, output);
  },
};

async function checkRows(
  call: Call,
  profiles: ProfileRosterRequest | undefined,
  output: Output,
): Promise<number> {
  const { withRoster } = await import("../openInput.ts");
  const { rosterOptions } = await import("../settings.ts");
  const { listPlace } = await import("../listPlace.ts");
  const place = profiles === undefined ? listPlace(call) : undefined;
  if (place !== undefined) {
    const { withEdges, withSharedList } = await import("../planInput.ts");
    const reading = rosterOptions(call);
    return await withEdges(call, output, open =>
      withSharedList({ call, place, reading, open, output }, opened => checkList(call, opened, output)),
    );
  }
  if (profiles === undefined) {
    return await withRoster(call, rosterOptions(call), opened => checkList(call, opened, output));
  }
  const { withEdges, withProfiles } = await import("../planInput.ts");
  return await withEdges(call, output, open =>
    withProfiles(call, profiles, open, output, opened => checkList(call, opened, output)),
  );
}

async function checkList(call: Call, opened: Roster, output: Output): Promise<number> {
  const { checkRoster, tallyRows } = await import("../../engine/check.ts");
  const { rowLine } = await import("../../report/jsonLines.ts");
  const { checkText } = await import("../../report/checkText.ts");
  const { rosterOptions } = await import("../settings.ts");
  const checked = await checkRoster(opened, rosterOptions(call), done =>
    output.progress({ phase: "reading", done }),
  );
  try {
    output.settle();
    const tally = tallyRows();
    for (const row of checked.rows()) {
      tally.add(row);
      await output.line(rowLine(row, output.showNumbers));
    }
    const counts = { ...tally.counts(), hiddenRows: opened.hiddenRows() };
    const { name, columns, fromProfile } = opened;
    if (!output.json) {
      const path = call.arguments[0] ?? "--from profile";
      const rows = () => checked.rows();
      const view = { path, name, columns, counts, rows, ...(fromProfile ? { fromProfile } : {}) };
      for (const line of checkText(view, output)) await output.say(line);
    }
    const exitCode = counts.issues > 0 ? 3 : 0;
    await output.line({
      type: "summary",
      command: "check",
      exitCode,
      counts,
      columns,
      ...(fromProfile ? { fromProfile } : {}),
    });
    return exitCode;
  } finally {
    checked.close();
  }
}

async function inspect(call: Call, output: Output): Promise<number> {
  const { sourceOf } = await import("../openInput.ts");
  const { listPlace } = await import("../listPlace.ts");
  const place = listPlace(call);
  if (place === undefined) return await inspectSource(call, sourceOf(call), output);
  const { withEdges } = await import("../planInput.ts");
  const { downloadList, findList } = await import("../../engine/sharedRoster.ts");
  const { patienceFor } = await import("../../engine/plan.ts");
  const { defaultPace } = await import("../../model/defaults.ts");
  return await withEdges(call, output, async ({ edges }) => {
    const patience = patienceFor(edges, defaultPace.maxWaitMs);
    const file = await findList(place, edges, patience);
    const stream = await downloadList(file, edges, patience);
    return await inspectSource(call, { kind: "stream", name: file.name, stream }, output);
  });
}

async function inspectSource(call: Call, source: RosterSource, output: Output): Promise<number> {
  const { inspectRoster } = await import("../../roster/inspect.ts");
  const { rosterOptions } = await import("../settings.ts");
  const { inspectText } = await import("../../report/checkText.ts");
  const { maskDigits } = await import("../../model/phone.ts");
  for await (const line of inspectRoster(source, rosterOptions(call))) {
    const shown =
      line.type === "cell" && !output.showNumbers ? { ...line, text: maskCell(line.text, maskDigits) } : line;
    await output.line(shown);
    await output.say(inspectText(shown));
  }
  await output.line({ type: "summary", command: "check", exitCode: 0 });
  return 0;
}

/** A cell with as many digits as a phone number is shown like one. */
function maskCell(text: string, mask: (text: string) => string): string {
  return (text.match(/\p{Nd}/gu) ?? []).length >= 6 ? mask(text) : text;
}
