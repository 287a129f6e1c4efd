import { type Change, type ChangeKind, changeKinds } from "../model/change.ts";
import type { PlanHeader } from "../model/plan.ts";
import { Misfit } from "./planFields.ts";

/**
 * Counts what a plan file holds while it is read. The guards and the question before an apply look at the header's
 * counts, so a file whose header says something else than its lines is not a plan.
 */
export class Tally {
  #expected: PlanHeader["counts"] | undefined;
  #kinds = new Map<ChangeKind, number>();
  #changes = 0;
  #issues = 0;

  expect(header: PlanHeader): void {
    this.#expected = header.counts;
  }

  change(change: Change): void {
    this.#changes++;
    this.#kinds.set(change.kind, (this.#kinds.get(change.kind) ?? 0) + 1);
  }

  issue(): void {
    this.#issues++;
  }

  /** @throws Misfit when the trailer or the header counted otherwise */
  compare(changes: number, issues: number): void {
    if (changes !== this.#changes || issues !== this.#issues)
      throw new Misfit("lines are missing or were added");
    for (const kind of changeKinds) {
      if (this.#expected?.[kind] !== (this.#kinds.get(kind) ?? 0)) {
        throw new Misfit(`the header counts other ${kind} changes than there are`);
      }
    }
  }
}
