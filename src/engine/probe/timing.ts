import type { User } from "../../model/user.ts";
import { type Lab, memberOf, number, phonePath, type Seen } from "./lab.ts";
import type { Finding, Question } from "./ownPhones.ts";

const lookEveryMs = 250;
const longestLagMs = 60_000;
const lagRounds = 3;
const mostUnderWay = 40;

/** 13: changes a number and looks until the change is read. */
export const readLag: Question = async (lab, user) => {
  await lab.give(user, "mobile");
  let lagMs = 0;
  const latencies: number[] = [];
  for (let round = 1; round <= lagRounds; round++) {
    const wanted = number(10 + round);
    const body = { phoneNumber: wanted, phoneType: "mobile" };
    const written = await lab.ask({
      what: "change",
      method: "PATCH",
      path: phonePath,
      user,
      type: "mobile",
      body,
    });
    if (written.status >= 400) return { seen: [written], skipped: "a number cannot be changed here" };
    latencies.push(written.ms);
    const from = lab.clock.now();
    for (; lab.clock.now() - from < longestLagMs; await lab.sleep(lookEveryMs)) {
      const [phone] = await lab.phones(user);
      // What is masked shows its end only.
      if (String(phone?.phoneNumber).endsWith(wanted.slice(-2))) break;
    }
    lagMs = Math.max(lagMs, Math.floor((lab.clock.now() - from) / lookEveryMs) * lookEveryMs);
  }
  const latencyMs = Math.round(latencies.toSorted((left, right) => left - right)[1] ?? 0);
  return { seen: [], facts: { lagMs, ...(latencyMs >= 20 ? { latencyMs } : {}) } };
};

/** 12: one phone for each user in one batch. */
export const batch: Question = async lab => {
  const users = lab.users.slice(0, 20);
  if (users.length < 2) return { seen: [], skipped: "it needs two users or more (--user twice)" };
  const requests = users.map((user, index) => ({
    id: String(index + 1),
    method: "POST",
    url: `/users/${user.id}/authentication/phoneMethods`,
    headers: { "Content-Type": "application/json" },
    body: { phoneNumber: number(20 + index), phoneType: "office" },
  }));
  const seen = await lab.ask({
    what: "create in a batch",
    method: "POST",
    path: "/v1.0/$batch",
    users,
    body: { requests },
  });
  const responses = memberOf(seen.value, "responses");
  const items = Array.isArray(responses) ? responses : [];
  const ids = items.map(item => Number(memberOf(item, "id")));
  return {
    seen: [seen],
    facts: {
      items: items.length,
      accepted: items.filter(item => Number(memberOf(item, "status")) < 300).length,
      inOrder: ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0)),
    },
  };
};

/** 11: writes at a steady rate, and how many of them pass. */
export async function writeFast(lab: Lab, writes: number, perSecond: number): Promise<Finding> {
  const users = lab.users;
  for (const user of users) await lab.give(user, "mobile");
  const from = lab.clock.now();
  const refused: Seen[] = [];
  let accepted = 0;
  let first: { readonly accepted: number; readonly at: number } | undefined;
  const send = async (sent: number, user: User): Promise<void> => {
    const body = { phoneNumber: number(sent), phoneType: "mobile" };
    const seen = await lab.ask({
      what: "write fast",
      method: "PATCH",
      path: phonePath,
      user,
      type: "mobile",
      body,
    });
    if (seen.status !== 429) accepted++;
    else {
      first ??= { accepted, at: (lab.clock.now() - from) / 1_000 };
      if (refused.length === 0) refused.push(seen);
    }
  };
  const underWay = new Set<Promise<void>>();
  for (let sent = 0; sent < writes; sent++) {
    const due = from + (sent * 1_000) / perSecond;
    await lab.sleep(Math.max(0, due - lab.clock.now()));
    const user = users[sent % users.length];
    if (user === undefined) break;
    const sending = send(sent, user).finally(() => underWay.delete(sending));
    underWay.add(sending);
    if (underWay.size >= mostUnderWay) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  const seconds = (lab.clock.now() - from) / 1_000;
  if (first === undefined) return { seen: refused, facts: { writesWithout429: accepted } };
  const rate = (accepted - first.accepted) / Math.max(0.001, seconds - first.at);
  return {
    seen: refused,
    facts: {
      writesBeforeFirst429: first.accepted,
      writesPerSecond: Math.max(0.1, Math.round(rate * 10) / 10),
      writesAtOnce: Math.max(1, Math.round(first.accepted - rate * first.at)),
    },
  };
}
