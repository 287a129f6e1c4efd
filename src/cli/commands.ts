import { apply } from "./command/apply.ts";
import { check } from "./command/check.ts";
import { connector } from "./command/connector.ts";
import { connectorService } from "./command/connectorService.ts";
import { doctor } from "./command/doctor.ts";
import { flow } from "./command/flow.ts";
import { login, logout } from "./command/login.ts";
import { phone } from "./command/phone.ts";
import { plan } from "./command/plan.ts";
import { probe } from "./command/probe.ts";
import { profiles } from "./command/profiles.ts";
import { rehearse } from "./command/rehearse.ts";
import { resume } from "./command/resume.ts";
import { runs, runsShow } from "./command/runs.ts";
import { runsEnd } from "./command/runsEnd.ts";
import { runsExport } from "./command/runsExport.ts";
import { runsForget } from "./command/runsForget.ts";
import { runsVerify } from "./command/runsVerify.ts";
import { sandbox } from "./command/sandbox.ts";
import { setup } from "./command/setup.ts";
import { template } from "./command/template.ts";
import { undo } from "./command/undo.ts";
import type { CommandSpec } from "./command.ts";

/** Every command, in the order in which help shows them. */
export const commands: readonly CommandSpec[] = [
  setup,
  login,
  logout,
  ...profiles,
  doctor,
  template,
  check,
  plan,
  rehearse,
  apply,
  resume,
  undo,
  runs,
  runsShow,
  runsEnd,
  runsForget,
  runsExport,
  runsVerify,
  ...phone,
  ...connector,
  ...connectorService,
  ...flow,
  ...sandbox,
  probe,
];
