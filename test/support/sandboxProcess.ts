// Usage: node sandboxProcess.ts CONFIG-AS-JSON, with an IPC channel. A sandbox in a process of its own, and a second writer
// who changes the mobile of some users while somebody else works on them.
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { seedUsers } from "./crashCase.ts";
import { seeded } from "./seeded.ts";
import type { Asked, Moment, OtherWrite, Served, TenantRecord } from "./servedSandbox.ts";

const { users, config, otherWriter } = JSON.parse(process.argv[2] ?? "{}") as Served;
const random = seeded(config.seed ?? 1);
const others: OtherWrite[] = [];
/** How many more requests about a victim come before he is changed. */
const victims = new Map<string, number>();
let awaited: (Moment & { readonly id: number }) | undefined;

const sandbox = await startSandbox({
  ...config,
  logLimit: 1_000_000,
  onRequest: ({ userId, effect }) => {
    if (userId !== undefined) meddle(userId);
    if (!awaited || (awaited.effect !== "any" && awaited.effect !== effect)) return;
    awaited = { ...awaited, count: awaited.count - 1 };
    if (awaited.count > 0) return;
    process.send?.({ id: awaited.id });
    awaited = undefined;
  },
});
// Users who come after the start are new to some replicas.
sandbox.seedUsers(seedUsers(users));
const before = [...sandbox.users()];
for (const { id } of before) {
  if (random() < otherWriter) victims.set(id, Math.floor(random() * 5));
}

function meddle(userId: string): void {
  const left = victims.get(userId);
  if (left === undefined) return;
  if (left > 0) {
    victims.set(userId, left - 1);
    return;
  }
  victims.delete(userId);
  const number = `+31 64${String(others.length).padStart(7, "0")}`;
  others.push({ userId, at: performance.timeOrigin + performance.now(), number });
  sandbox.setPhone(userId, "mobile", number);
}

function answer(asked: Exclude<Asked, { kind: "await" }>): TenantRecord | undefined {
  switch (asked.kind) {
    case "newToken":
      sandbox.addToken({ token: asked.token, kind: "app" });
      sandbox.revokeToken(asked.revoked);
      return undefined;
    case "record":
      return { before, after: [...sandbox.users()], log: sandbox.log, others };
  }
}

process.on("message", ({ id, asked }: { readonly id: number; readonly asked: Asked }) => {
  if (asked.kind === "await") awaited = { ...asked, id };
  else process.send?.({ id, answer: answer(asked) });
});
process.once("disconnect", () => process.exit(0));
process.send?.({ url: sandbox.url, token: sandbox.token });
