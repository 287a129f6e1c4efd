import type { PhoneWish } from "../../engine/phones.ts";
import { PrepopError } from "../../model/errors.ts";
import { type PhoneType, phoneTypes } from "../../model/phone.ts";
import type { Match } from "../../model/user.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere, guards, keeping, pace, policy, roster, tenant, writing } from "../groups.ts";
import type { OpenEdges } from "../openEdges.ts";
import type { Output } from "../output.ts";

const user = { name: "<user>", summary: "the userPrincipalName, or what --match says" };
const type = { name: "<type>", summary: "mobile, alternateMobile or office" };
const number = {
  name: "<number>",
  summary: "the number, with + and country code or with --region; - reads it from stdin",
};
const match = roster.filter(({ flags }) => flags.startsWith("--match"));
const region = roster.filter(({ flags }) => flags.startsWith("--region"));
const sms = policy.filter(({ flags }) => flags.startsWith("--sms-sign-in"));
const reading = [...match, ...pace, ...tenant, ...everywhere];
const changing = [...match, ...guards, ...pace, ...keeping, ...writing, ...tenant, ...everywhere];

/** The seven operations on one user's phones, as commands. */
export const phone: readonly CommandSpec[] = [
  {
    name: "phone list",
    summary: "the phones of a user",
    arguments: [user],
    options: reading,
    examples: ["prepop phone list adele@contoso.com"],
    run: call => read(call),
  },
  {
    name: "phone get",
    summary: "one phone of a user",
    arguments: [user, type],
    options: reading,
    examples: ["prepop phone get adele@contoso.com mobile --show-numbers"],
    run: call => read(call, typeOf(call)),
  },
  {
    name: "phone create",
    summary: "give a user a phone in an empty slot",
    arguments: [user, type, number],
    options: [...region, ...sms, ...changing],
    examples: [
      "prepop phone create adele@contoso.com mobile -",
      'prepop phone create adele@contoso.com mobile "+1 2065550100"',
    ],
    run: call => write(call, "create"),
  },
  {
    name: "phone update",
    summary: "replace the number in a slot",
    arguments: [user, type, number],
    options: [...region, ...sms, ...changing],
    examples: ['prepop phone update adele@contoso.com office "+1 2065550101x12"'],
    run: call => write(call, "update"),
  },
  {
    name: "phone delete",
    summary: "remove a phone of a user",
    arguments: [user, type],
    options: changing,
    examples: ["prepop phone delete adele@contoso.com alternateMobile"],
    run: call => write(call, "delete"),
  },
  {
    name: "phone enable-sms",
    summary: "let a user sign in with the mobile number",
    arguments: [user],
    options: changing,
    examples: ["prepop phone enable-sms adele@contoso.com"],
    run: call => write(call, "enableSms"),
  },
  {
    name: "phone disable-sms",
    summary: "no longer let a user sign in with the mobile number",
    arguments: [user],
    options: changing,
    examples: ["prepop phone disable-sms adele@contoso.com"],
    run: call => write(call, "disableSms"),
  },
];

async function read(call: Call, only?: PhoneType): Promise<number> {
  return await withTenant(call, async ({ output, open, key, by }) => {
    const { findOne } = await import("../../engine/phones.ts");
    const { patienceFor } = await import("../../engine/plan.ts");
    const { tenantOf } = await import("../../engine/tenantOf.ts");
    const { phoneLine } = await import("../../report/jsonLines.ts");
    const { phonesText } = await import("../../report/phonesText.ts");
    const { paceOf } = await import("../settings.ts");
    const patience = patienceFor(open.edges, paceOf(call).maxWaitMs);
    await tenantOf(open.edges, patience);
    const found = await findOne(key, by, open.edges, patience);
    const { phones } = await patience.read(() => open.edges.graph.listPhones(found.id));
    const wanted = phones.filter(each => only === undefined || each.phoneType === only);
    if (only !== undefined && wanted.length === 0) {
      throw new PrepopError("PREPOP_PHONE_NOT_FOUND", { user: key, phoneType: only });
    }
    for (const each of wanted) await output.line(phoneLine(found, each, output.showNumbers));
    for (const line of phonesText(found, wanted, output)) await output.say(line);
    await output.line({ type: "summary", command: call.command, exitCode: 0, phones: wanted.length });
    return 0;
  });
}

async function write(call: Call, kind: PhoneWish["kind"]): Promise<number> {
  const { needYes, canAsk, keepNumbersMs, limitsOf, paceOf } = await import("../settings.ts");
  const phoneType = kind === "enableSms" || kind === "disableSms" ? "mobile" : typeOf(call);
  needYes(call);
  const typedNumber = kind === "create" || kind === "update" ? await numberText(call) : undefined;
  return await withTenant(call, async ({ output, open, key, by }) => {
    const { findOne, planPhone } = await import("../../engine/phones.ts");
    const { patienceFor } = await import("../../engine/plan.ts");
    const { tenantOf } = await import("../../engine/tenantOf.ts");
    const { applyPlan } = await import("../../engine/apply.ts");
    const { openLedger } = await import("../../ledger/ledger.ts");
    const { followRun } = await import("../runOutput.ts");
    const { ledgerSettings } = await import("./apply.ts");
    const startedAt = performance.now();
    const limits = limitsOf(call, canAsk(call));
    const pacing = paceOf(call);
    const patience = patienceFor(open.edges, pacing.maxWaitMs);
    const tenantNow = await tenantOf(open.edges, patience);
    const found = await findOne(key, by, open.edges, patience);
    const wish = await wishOf(call, kind, phoneType, typedNumber, found.usageLocation);
    const smsSignIn = (call.options.smsSignIn as "leave" | undefined) ?? "leave";
    const made = await planPhone(
      { wish, typed: key, user: found, tenant: tenantNow, smsSignIn, maxAgeMs: limits.maxAgeMs },
      open.edges,
      patience,
    );
    const ledger = openLedger({ home: open.home, ...ledgerSettings(call) });
    try {
      let confirmed = limits;
      if (canAsk(call)) {
        const { askForPlan } = await import("../askForPlan.ts");
        confirmed = await askForPlan({ call, output, plan: made, limits });
      }
      // --max-change is a share of a list; one phone of one user is what was asked for.
      const alone = { ...confirmed, force: true };
      const running = applyPlan(
        {
          plan: made,
          ledger,
          limits: alone,
          pace: pacing,
          command: call.command,
          keepNumbersMs: keepNumbersMs(call),
        },
        open.edges,
      );
      return await followRun({ call, output, open, ledger, running, total: 1, startedAt });
    } finally {
      made.close();
      ledger.close();
      await open.save();
    }
  });
}

type TenantCall = {
  readonly output: Output;
  readonly open: OpenEdges;
  readonly key: string;
  readonly by: Match;
};

async function withTenant(call: Call, use: (given: TenantCall) => Promise<number>): Promise<number> {
  const { openOutput } = await import("../output.ts");
  const { openEdges } = await import("../openEdges.ts");
  const output = openOutput(call, () => performance.now());
  const key = (call.arguments[0] ?? "").trim();
  const by = (call.options.match as Match | undefined) ?? (isObjectId(key) ? "id" : "upn");
  const open = await openEdges(call, output);
  try {
    return await use({ output, open, key, by });
  } finally {
    await open.close();
  }
}

function isObjectId(key: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(key);
}

function typeOf(call: Call): PhoneType {
  const typed = call.arguments[1] ?? "";
  const found = phoneTypes.find(known => known.toLowerCase() === typed.toLowerCase());
  if (found) return found;
  throw new PrepopError("PREPOP_USAGE", {
    why: `${typed} is not a type of phone`,
    fix: `Give one of ${phoneTypes.join(", ")}.`,
  });
}

/** The number as typed; `-` keeps it out of the list of processes. */
async function numberText(call: Call): Promise<string> {
  const typed = call.arguments[2] ?? "";
  if (typed !== "-") return typed;
  let text = "";
  for await (const chunk of call.surroundings.stdin) text += String(chunk);
  return text.trim();
}

async function wishOf(
  call: Call,
  kind: PhoneWish["kind"],
  phoneType: PhoneType,
  typed: string | undefined,
  usageLocation: string | undefined,
): Promise<PhoneWish> {
  switch (kind) {
    case "enableSms":
    case "disableSms":
      return { kind, phoneType: "mobile" };
    case "delete":
      return { kind, phoneType };
    default: {
      const { parsePhone } = await import("../../decide/phoneNumber.ts");
      const regionOption = call.options.region as string | undefined;
      const parsed = parsePhone(
        { text: typed ?? "", stored: "text" },
        {
          phoneType,
          ...(regionOption === undefined ? {} : { region: regionOption }),
          ...(usageLocation === undefined ? {} : { usageLocation }),
        },
      );
      if (parsed.kind === "number") return { kind, phoneType, number: parsed.number };
      const why = parsed.kind === "blank" ? "it is empty" : parsed.why;
      throw new PrepopError("PREPOP_PHONE_INVALID", { why });
    }
  }
}
