// Preloaded into a measured process (--import): leaves what the process used in the file of PREPOP_BENCH_METER.
import { writeFileSync } from "node:fs";

const file = process.env.PREPOP_BENCH_METER;
if (file !== undefined) {
  process.once("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(
      file,
      JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 }),
    );
  });
}
