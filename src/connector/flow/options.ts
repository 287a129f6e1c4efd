import type { PhoneType } from "../../model/phone.ts";

/** What a flow is made for. */
export type FlowOptions = {
  readonly name: string;
  /** add creates where the slot is empty; update also replaces another number. */
  readonly policy: "add" | "update";
  readonly phoneType: PhoneType;
  /** The headers of the table. */
  readonly userColumn: string;
  readonly phoneColumn: string;
  /** Where the table is, in the terms of the Excel connector. */
  readonly workbook: Workbook;
  /** How many rows are asked for; a table with as many or more fails the run, so that none is left out silently. */
  readonly mostRows: number;
  /** The connector's internal id, `shared_…`. */
  readonly connectorId: string;
  /** The connector's title. */
  readonly connectorTitle: string;
  /** The origin of Microsoft Graph, for a Logic App that calls it directly. */
  readonly graph: string;
};

/** As the action "List rows present in a table" takes it. */
export type Workbook = {
  /** `me`, `groups/…` or `sites/HOST,SITE,WEB`. */
  readonly source: string;
  readonly drive: string;
  readonly file: string;
  /** The table's name or id. */
  readonly table: string;
};

/** 5,000 is what every licence reads; the places are chosen in the designer after the import. */
export const defaultFlow: FlowOptions = {
  name: "Phones from a table to Entra",
  policy: "add",
  phoneType: "mobile",
  userColumn: "userPrincipalName",
  phoneColumn: "telephoneNumber",
  workbook: { source: "me", drive: "CHOOSE-THE-DRIVE", file: "CHOOSE-THE-FILE", table: "CHOOSE-THE-TABLE" },
  mostRows: 5000,
  connectorId: "shared_entra-20phone-20methods-5f0000000000000000",
  connectorTitle: "Entra phone methods",
  graph: "https://graph.microsoft.com",
};
