import { memberOf, phonePath, phonesPath, type Seen } from "./lab.ts";
import type { Question } from "./ownPhones.ts";

const nobody = "00000000-0000-4000-8000-000000000001";

/** 7: who and what is unknown, and a guest by her name. */
export const unknowns: Question = async (lab, user) => {
  const read = (what: string, path: string, fill: Readonly<Record<string, string>>) =>
    lab.ask({ what, method: "GET", path, fill });
  const [, domain = "example.com"] = user.userPrincipalName.split("@");
  const seen = [
    await read("read an unknown method", phonePath, { user: user.id, method: nobody }),
    await read("list the phones of an unknown id", phonesPath, { user: nobody }),
    await read("list the phones of an unknown name", phonesPath, { user: `prepop-probe-nobody@${domain}` }),
  ];
  const gone = await read(
    "read deleted users",
    "/v1.0/directory/deletedItems/microsoft.graph.user?$select=id&$top=1",
    {},
  );
  seen.push(gone);
  const [deleted] = (memberOf(gone.value, "value") ?? []) as readonly unknown[];
  const id = memberOf(deleted, "id");
  if (typeof id === "string")
    seen.push(await read("list the phones of a deleted user", phonesPath, { user: id }));
  const guest = lab.users.find(each => each.userPrincipalName.includes("#EXT#"));
  if (guest !== undefined) {
    seen.push(
      await read("list the phones of a guest by name", phonesPath, { user: guest.userPrincipalName }),
    );
  }
  const missing = [
    ...(typeof id === "string" ? [] : ["there is no deleted user"]),
    ...(guest === undefined ? ["no --user is a guest"] : []),
  ];
  return { seen, ...(missing.length === 0 ? {} : { skipped: missing.join("; ") }) };
};

/** 14, and what else a tenant may not answer. */
export const report: Question = async (lab, user) => {
  const path = "/v1.0/reports/authenticationMethods/userRegistrationDetails";
  const first = await lab.ask({ what: "read the registration report", method: "GET", path });
  const page = memberOf(first.value, "value");
  const more = memberOf(first.value, "@odata.nextLink") !== undefined;
  const own = await lab.ask({
    what: "read the line of one user",
    method: "GET",
    path: `${path}/{user}`,
    user,
  });
  const updated = Date.parse(String(memberOf(own.value, "lastUpdatedDateTime")));
  return {
    seen: [
      {
        ...first,
        exchange: {
          ...first.exchange,
          body: Array.isArray(page) ? `(${more ? "full" : "only"} page)` : first.exchange.body,
        },
      },
      own,
    ],
    facts: {
      ...(Array.isArray(page) && more ? { reportPage: page.length } : {}),
      ...(Number.isNaN(updated)
        ? {}
        : { reportAgeHours: Math.round((lab.clock.wall() - updated) / 3_600_000) }),
    },
  };
};

/** Beside the questions: which of the groups that prepop can do without are there. */
export const around: Question = async (lab, user) => {
  const read = (what: string, path: string): Promise<Seen> => lab.ask({ what, method: "GET", path, user });
  return {
    seen: [
      await read("read the organization", "/v1.0/organization?$select=id"),
      await read("read all methods", "/v1.0/users/{user}/authentication/methods"),
      await read("read the sign-in preferences", "/beta/users/{user}/authentication/signInPreferences"),
    ],
  };
};
