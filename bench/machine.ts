import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

/** Where figures come from: without it they say nothing. */
export type Machine = {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly sqlite: string;
  readonly prepop: string;
  readonly microsoftGraphClient: string;
  /** Whether the sandbox was bound to a core of its own. */
  readonly sandboxOnOwnCore: boolean;
  /** Processes that wanted a core in the minute before: above the number of cores, times are too long. */
  readonly load: number;
};

/** This machine and the versions that matter. */
export function thisMachine(now: Date, sandboxOnOwnCore: boolean): Machine {
  return {
    date: now.toISOString().slice(0, 10),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? "unknown",
    prepop: versionIn("../package.json"),
    microsoftGraphClient: versionIn("../node_modules/@microsoft/microsoft-graph-client/package.json"),
    sandboxOnOwnCore,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function versionIn(manifest: string): string {
  const { version } = JSON.parse(readFileSync(new URL(manifest, import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
