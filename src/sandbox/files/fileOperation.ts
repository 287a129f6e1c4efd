import type { Result } from "../exchange.ts";
import { type Call, type Definition, operation } from "../operation.ts";

/** An operation on a file, as it is declared. */
export type FileOperation = {
  readonly name: string;
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  /** Below the item: `/workbook/tables`. */
  readonly path: string;
  readonly capability: "files" | "workbook";
  readonly permission: "readFiles" | "writeFiles" | "useWorkbook";
  /** Properties of the JSON body, for an operation that takes one. */
  readonly body?: readonly string[];
  readonly run: (call: Call) => Result;
};

/** An item by its ids. A share adds its own way to these. */
const bases = ["/drives/{drive}/items/{item}", "/shares/{share}/driveItem"] as const;

/**
 * A file operation at each address that an item has: in a drive, behind a sharing link, and in the caller's own drive.
 * Excel Online is for people only: https://learn.microsoft.com/graph/api/resources/excel (read 2026-11-28).
 */
export function fileOperation(declared: FileOperation): Definition[] {
  const { run, path, method, body, ...rest } = declared;
  const common = {
    ...rest,
    method,
    versions: ["v1.0", "beta"] as const,
    effect: method === "GET" ? ("read" as const) : ("write" as const),
    lane: "files" as const,
    ...(declared.capability === "workbook" ? { delegatedOnly: true as const } : {}),
    ...(body === undefined
      ? {}
      : {
          body: {
            type: "microsoft.graph.workbook",
            required: [],
            properties: Object.fromEntries(body.map(property => [property, "any" as const])),
          },
        }),
  };
  return [
    ...bases.map(base => operation({ ...common, path: base + path, subject: "none", run })),
    operation({
      ...common,
      path: `/users/{user}/drive/items/{item}${path}`,
      subject: "user",
      self: "allowed",
      run,
    }),
  ];
}

/** The value of a function's one argument: `address='A1:B2'` comes as `address=A1:B2`. */
export function argumentOf(segment: string | undefined): string {
  return (segment ?? "").replace(/^\w+=/, "");
}
