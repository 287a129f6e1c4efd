import { join } from "node:path";
import type { WriteCase } from "../cases.ts";
import { type MeasuredProcess, runMeasured } from "../measuredProcess.ts";

/** Runs prepop as it is used: one process from the list to the exit code. */
export async function runPrepop(
  argv: readonly string[],
  folder: string,
  tenant?: { readonly url: string; readonly token: string },
): Promise<MeasuredProcess> {
  return await runMeasured("../src/bin.ts", [...argv, "--region", "NL", "--json", "--quiet"], {
    folder,
    env: {
      PREPOP_HOME: join(folder, "home"),
      ...(tenant ? { PREPOP_GRAPH_URL: tenant.url, PREPOP_ACCESS_TOKEN: tenant.token } : {}),
    },
  });
}

/** The options of a case. The guards that a person would have to lift for it are lifted. */
export function changeOptions({ change, users, options = [] }: WriteCase): readonly string[] {
  const policy = {
    create: ["--policy", "add"],
    update: ["--policy", "update", "--max-change", "100%"],
    delete: [
      ...["--policy", "remove", "--max-change", "100%", "--max-delete", String(users)],
      ...["--confirm-tenant", "contoso.com"],
    ],
  } as const;
  return [...policy[change], ...options];
}
