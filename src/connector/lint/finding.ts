import type { Connector } from "./connector.ts";

/**
 * error: it is not valid OpenAPI 2.0, or the service or its tools refuse it. certification: Microsoft's validator or
 * reviewers ask for it; connectors work without, and certified ones break many. advice: it works, and could be better.
 */
export type Level = "error" | "certification" | "advice";

/** Something a rule found, and where. */
export type Finding = {
  readonly level: Level;
  readonly rule: string;
  /** The file, and in JSON a pointer into it: `apiDefinition.swagger.json#/info/title`. */
  readonly where: string;
  readonly message: string;
  /** The page or file that the rule comes from. */
  readonly source: string;
};

/** A place and what is wrong there. */
export type Problem = { readonly where: string; readonly message: string };

/** A rule: its permanent name, how bad it is, where it comes from, and the problems it sees in a connector. */
export type Rule = {
  readonly id: string;
  readonly level: Level;
  readonly source: string;
  readonly find: (connector: Connector) => Iterable<Problem>;
};

const docs = "https://learn.microsoft.com/connectors/custom-connectors/";

/** Where rules come from (read as stored copies of 2022 and 2023; the newest text may differ). */
export const sources = {
  openApi: "https://spec.openapis.org/oas/v2.0",
  validator: `${docs}certification-swagger-validator-rules`,
  submission: `${docs}certification-submission`,
  strings: `${docs}connector-string-guidance`,
  coding: `${docs}coding-standards`,
  extensions: `${docs}openapi-extensions`,
  faq: `${docs}faq`,
  testConnection: `${docs}test-connection`,
  code: `${docs}write-code`,
  portal: `${docs}define-openapi-definition`,
  schemas: "https://github.com/microsoft/PowerPlatformConnectors/tree/dev/schemas",
  templates: "https://github.com/microsoft/PowerPlatformConnectors/tree/dev/templates",
  paconn: "https://github.com/microsoft/PowerPlatformConnectors/tree/dev/tools/paconn-cli",
  practice: "seen in connectors that work",
} as const;
