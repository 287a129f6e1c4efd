/** The reports that commands write: the one of a plan and the one of a run. */
export { type PlanReportFormat, planReport, planReportFormats } from "./planReport.ts";
export { type RunReportFormat, runReport, runReportFormats } from "./runReport.ts";
