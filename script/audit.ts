import { execFile } from "node:child_process";
import { type AuditVerdict, advisoriesVerdict, signaturesVerdict } from "./auditVerdict.ts";

/** `npm run audit`: asks the registry for advisories and signatures; exit 1 on a high or critical one, or a wrong signature. */
const verdicts: readonly AuditVerdict[] = [
  advisoriesVerdict(await npm(["audit"])),
  signaturesVerdict(await npm(["audit", "signatures"])),
];
for (const { text } of verdicts) process.stdout.write(`${text}\n`);
if (verdicts.some(({ kind }) => kind === "failed")) process.exitCode = 1;

/** What npm prints; it ends with an error both for advisories and where nobody answers. */
function npm(args: readonly string[]): Promise<string> {
  const all = [...args, "--json", "--fetch-retries=0"];
  return new Promise(resolve => {
    const options = { shell: process.platform === "win32", timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
    execFile("npm", all, options, (_error, stdout) => resolve(stdout));
  });
}
