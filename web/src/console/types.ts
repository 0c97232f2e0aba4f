/** What the console reads, as the server describes it. */
import type { components } from "../lib/api/schema";

type Schemas = components["schemas"];

export type User = Schemas["User"];
export type Report = Schemas["Report"];
export type ReportWithEvidence = Schemas["ReportWithEvidence"];
export type ReportState = Report["state"];
export type Message = Schemas["Message"];
export type Evidence = Schemas["Evidence"];
export type AuditEntry = Schemas["AuditEntry"];

export const REPORT_STATES: readonly ReportState[] = ["open", "resolved", "dismissed"];
