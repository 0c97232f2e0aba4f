/** What the console reads, as the server describes it. */
import type { components } from "../lib/api/schema";

type Schemas = components["schemas"];

export type User = Schemas["User"];
export type Report = Schemas["Report"];
export type ReportWithEvidence = Schemas["ReportWithEvidence"];
export type ReportState = Report["state"];
export type Message = Schemas["Message"];
export type Evidence = Schemas["Evidence"];
export type Attachment = Schemas["Attachment"];
export type OpenedFile = Schemas["OpenedFile"];
export type AuditEntry = Schemas["AuditEntry"];

export const REPORT_STATES: readonly ReportState[] = ["open", "resolved", "dismissed"];
export type Person = Schemas["ProvisionedUser"];
export type Erasure = Schemas["Erasure"];
export type Room = Schemas["RoomWithPeople"];
export type ListedNotice = Schemas["ListedNotice"];
export type Notice = Schemas["Notice"];
export type Delivery = Schemas["NoticeDelivery"];
export type ServerHealth = Schemas["ServerHealth"];
