import type { Call, CommandSpec } from "../command.ts";
import { everywhere, roster } from "../groups.ts";
import type { Output } from "../output.ts";

export const check: CommandSpec = {
  name: "check",
  summary: "read a roster and say what is wrong with it, offline",
  arguments: [
    { name: "<roster>", summary: "an .xlsx, .csv, .tsv, .json or .ndjson file; - for standard input" },
  ],
  options: [
    { flags: "--inspect", summary: "show sheets, tables and the first rows instead" },
    ...roster,
    ...everywhere,
  ],
  examples: [
    "prepop check phones.xlsx --region NL",
    "prepop check staff.csv --column user=UPN --column mobile=Handy",
    "prepop check phones.xlsx --inspect",
  ],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { keepHeapSmall } = await import("../smallHeap.ts");
    keepHeapSmall();
    const output = openOutput(call, () => performance.now());
    return call.options.inspect === true ? inspect(call, output) : checkRows(call, output);
  },
};

async function checkRows(call: Call, output: Output): Promise<number> {
  const { checkRoster, tallyRows } = await import("../../engine/check.ts");
  const { rowLine } = await import("../../report/jsonLines.ts");
  const { checkText } = await import("../../report/checkText.ts");
  const { withRoster } = await import("../openInput.ts");
  const { rosterOptions } = await import("../settings.ts");
  const options = rosterOptions(call);
  return await withRoster(call, options, async roster => {
    const checked = await checkRoster(roster, options, done => output.progress({ phase: "reading", done }));
    try {
      output.settle();
      const tally = tallyRows();
      const counts = () => ({ ...tally.counts(), hiddenRows: roster.hiddenRows() });
      if (output.json) {
        for (const row of checked.rows()) {
          tally.add(row);
          await output.line(rowLine(row, output.showNumbers));
        }
      } else {
        for (const row of checked.rows()) tally.add(row);
        const view = {
          path: call.arguments[0] ?? "-",
          name: roster.name,
          columns: roster.columns,
          counts: counts(),
          rows: () => checked.rows(),
        };
        for (const line of checkText(view, output)) await output.say(line);
      }
      const exitCode = tally.counts().issues > 0 ? 3 : 0;
      await output.line({
        type: "summary",
        command: "check",
        exitCode,
        counts: counts(),
        columns: roster.columns,
      });
      return exitCode;
    } finally {
      checked.close();
    }
  });
}

async function inspect(call: Call, output: Output): Promise<number> {
  const { inspectRoster } = await import("../../roster/inspect.ts");
  const { sourceOf } = await import("../openInput.ts");
  const { rosterOptions } = await import("../settings.ts");
  const { inspectText } = await import("../../report/checkText.ts");
  const { maskDigits } = await import("../../model/phone.ts");
  for await (const line of inspectRoster(sourceOf(call), rosterOptions(call))) {
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
