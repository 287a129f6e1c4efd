// Contenders other than prepop: bench/contender/client.ts, with its job in PREPOP_BENCH_JOB. Prints what its requests took.
import { phoneMethodIds } from "../../src/model/phone.ts";
import type { ChangeWanted } from "../cases.ts";
import { userName, wantedNumber } from "../list.ts";
import { microsoftSender } from "./microsoft.ts";
import { singleSender } from "./single.ts";

/** What a contender is told. */
export type ClientJob = {
  readonly url: string;
  readonly token: string;
  readonly sender: "single" | "microsoft";
  readonly parallel: number;
  readonly change: ChangeWanted;
  readonly users: number;
};

/** One write, as HTTP. */
export type ClientWrite = {
  readonly method: "POST" | "PATCH" | "DELETE";
  /** Below the version. */
  readonly path: string;
  readonly body?: { readonly phoneNumber: string; readonly phoneType: "mobile" };
};

/** Sends one write, again where it must; whether it was taken. */
export type Sender = (write: ClientWrite) => Promise<boolean>;

const job = JSON.parse(process.env.PREPOP_BENCH_JOB ?? "{}") as ClientJob;
const send = job.sender === "microsoft" ? microsoftSender(job) : singleSender(job);
const startedAt = performance.now();
const startCpu = process.cpuUsage();
let next = 0;
const work = async (): Promise<void> => {
  while (next < job.users) await send(writeFor(job.change, next++));
};
await Promise.all(Array.from({ length: job.parallel }, work));
const { user, system } = process.cpuUsage(startCpu);
console.log(
  JSON.stringify({ seconds: (performance.now() - startedAt) / 1_000, cpuSeconds: (user + system) / 1e6 }),
);
process.exit(0);

/** The user is named as in the list: nobody looks him up first. */
function writeFor(change: ChangeWanted, index: number): ClientWrite {
  const path = `/users/${encodeURIComponent(userName(index))}/authentication/phoneMethods`;
  const body = { phoneNumber: wantedNumber(index).stored, phoneType: "mobile" } as const;
  switch (change) {
    case "create":
      return { method: "POST", path, body };
    case "update":
      return { method: "PATCH", path: `${path}/${phoneMethodIds.mobile}`, body };
    case "delete":
      return { method: "DELETE", path: `${path}/${phoneMethodIds.mobile}` };
  }
}
