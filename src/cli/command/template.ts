import type { CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";

export const template: CommandSpec = {
  name: "template",
  summary: "write an empty roster as an Excel table",
  arguments: [],
  options: [{ flags: "--out <file>", summary: "where to write it (default: phones.xlsx)" }, ...everywhere],
  examples: ["prepop template --out phones.xlsx"],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { writeTemplate } = await import("../../roster/template.ts");
    const output = openOutput(call, () => performance.now());
    const file = (call.options.out as string | undefined) ?? "phones.xlsx";
    await writeTemplate(file);
    await output.say(
      `Wrote ${file}: one row a user, the phone as text with + and country code, or with a region.`,
    );
    await output.say(`Next: prepop check ${file}`);
    await output.line({ type: "summary", command: "template", exitCode: 0, file });
    return 0;
  },
};
