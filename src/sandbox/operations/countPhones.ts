import { operation } from "../operation.ts";
import { visiblePhones } from "../phones.ts";

/** The number of phones, as text. It stands in the schema without a page of its own. */
export const countPhones = operation({
  name: "countPhones",
  method: "GET",
  path: "/users/{user}/authentication/phoneMethods/$count",
  versions: ["v1.0", "beta"],
  effect: "read",
  lane: "phones",
  permission: "readPhones",
  subject: "authentication",
  self: "allowed",
  query: [],
  run: call => ({ kind: "text", text: String(visiblePhones(call).length), contentType: "text/plain" }),
});
