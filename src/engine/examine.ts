import type { Health, Probe } from "../model/health.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";

/** So many users are looked at for a phone, to see whether numbers are masked. */
const mostUsers = 10;

/**
 * Asks the tenant what `doctor` tells. It writes nothing and reads few users.
 * @throws PrepopError where the caller is not accepted or nobody answers
 */
export async function examine({ graph }: Edges, patience: Patience): Promise<Health> {
  const { inspect } = graph;
  const ask = <Value>(question: () => Promise<Probe<Value>>) => patience.read(question, 3);
  const users = await ask(() => inspect.firstUsers(mostUsers));
  const ids = users.kind === "read" ? users.value.ids : [];
  const [first = ""] = ids;
  const nobody: Probe<true> = { kind: "refused", why: "there is no user to try it on" };
  return {
    token: await inspect.token(),
    tenantType: await ask(() => inspect.tenantType()),
    users:
      users.kind === "read"
        ? { kind: "read", value: { count: ids.length, withDetails: users.value.withDetails } }
        : users,
    phones: await lookForPhones(ids, id => ask(() => inspect.phonesOf(id))),
    methods: first === "" ? nobody : await ask(() => inspect.methodsOf(first)),
    preferences: first === "" ? nobody : await ask(() => inspect.preferencesOf(first)),
    sms: await ask(() => inspect.methodPolicy("sms")),
    voice: await ask(() => inspect.methodPolicy("voice")),
    report: await ask(() => inspect.report()),
    groups: await ask(() => inspect.groups()),
    licences: await ask(() => inspect.licences()),
    clockAheadMs: inspect.clockAheadMs(),
  };
}

/**
 * Until somebody has a phone. A protected user answers 403 while others can be read, so a refusal counts only where
 * everybody refuses.
 */
async function lookForPhones(
  ids: readonly string[],
  ask: (id: string) => Promise<Health["phones"]>,
): Promise<Health["phones"]> {
  let refused: Health["phones"] | undefined;
  let read: Health["phones"] | undefined;
  for (const id of ids) {
    const phones = await ask(id);
    if (phones.kind === "refused") refused = phones;
    else if (phones.value.seen > 0) return phones;
    else read = phones;
  }
  return read ?? refused ?? { kind: "read", value: { seen: 0, masked: false } };
}
