import { displayWidth, shorten } from "./plainText.ts";
import { thousands } from "./words.ts";

/** Where a run stands. All times are milliseconds of one clock. */
export type ProgressState = {
  readonly done: number;
  /** Undefined while it is not known yet. */
  readonly total?: number;
  readonly startedAt: number;
  readonly now: number;
  /** Finished changes a second of late; the mean since the start when absent. */
  readonly rate?: number;
  /** What is being done: `reading`, `writing`, `settling`. */
  readonly phase?: string;
  /** What stands in the way: `Graph asks to wait 12 s`. */
  readonly note?: string;
};

const barWidth = 24;

/** One line for a terminal, rewritten in place: a bar, the share, the rate and the time that is left. */
export function progressLine(state: ProgressState, width: number): string {
  const facts = factsOf(state).join("  ");
  const share = shareOf(state);
  const phase = state.phase === undefined ? "" : `${state.phase.padEnd(8)} `;
  const room = Math.min(barWidth, width - displayWidth(`${phase} ${facts}`) - 1);
  const bar = share === undefined || room < 6 ? "" : `${barOf(share, room)} `;
  return shorten(`${phase}${bar}${facts}`, width, "end");
}

/** The same as a sentence that stands for itself, for a log or a pipe. */
export function progressPlain(state: ProgressState): string {
  return `${state.phase ?? "done"}: ${factsOf(state).join(", ")}`;
}

function factsOf(state: ProgressState): string[] {
  const { done, total, note } = state;
  const share = shareOf(state);
  const rate = rateOf(state);
  const facts = [total === undefined ? thousands(done) : `${thousands(done)}/${thousands(total)}`];
  if (share !== undefined) facts.push(`${Math.floor(share * 100)} %`);
  if (rate > 0) facts.push(`${rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)}/s`);
  const left = leftOf(state, rate);
  if (left !== undefined) facts.push(`${clock(left)} left`);
  if (note !== undefined) facts.push(note);
  return facts;
}

function shareOf({ done, total }: ProgressState): number | undefined {
  return total === undefined || total <= 0 ? undefined : Math.min(1, Math.max(0, done / total));
}

function rateOf({ done, startedAt, now, rate }: ProgressState): number {
  const seconds = (now - startedAt) / 1000;
  return rate ?? (seconds > 0 ? done / seconds : 0);
}

/** Whole seconds; nothing is promised before the first second and the first finished change. */
function leftOf({ done, total, startedAt, now }: ProgressState, rate: number): number | undefined {
  if (total === undefined || done === 0 || done >= total || rate <= 0 || now - startedAt < 1000)
    return undefined;
  return Math.ceil((total - done) / rate);
}

/** `1:15`, `2:03:00`. */
function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const tail = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function barOf(share: number, width: number): string {
  const parts = Math.floor(share * width * 8);
  const full = Math.floor(parts / 8);
  const part = eighths[parts % 8] ?? "";
  return `${"█".repeat(full)}${part}`.padEnd(width, "░");
}
