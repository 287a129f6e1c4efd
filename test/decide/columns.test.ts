import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ColumnRequest, chooseColumns, columnLetters, mappedPhones } from "../../src/decide/columns.ts";
import { comparable } from "../../src/decide/headerNames.ts";

const choose = (headers: readonly string[], request: ColumnRequest = {}) =>
  chooseColumns(
    headers.map((text, index) => ({ text, column: index + 1 })),
    request,
  );

/** Kinds and header texts in one line, or the refusal. */
function said(headers: readonly string[], request: ColumnRequest = {}): string {
  const choice = choose(headers, request);
  if (choice.kind !== "chosen") return `${choice.kind}: ${choice.why}`;
  return Object.entries(choice.columns)
    .map(([kind, { text }]) => `${kind}=${text}`)
    .toSorted()
    .join(" ");
}

describe("headers that are found without options", () => {
  const cases: readonly (readonly [name: string, headers: readonly string[], expected: string])[] = [
    [
      "the table of the 2020 post",
      ["userPrincipalName", "telephoneNumber"],
      "mobile=telephoneNumber user=userPrincipalName",
    ],
    ["other columns are left alone", ["Name", "UPN", "Dept", "Mobile"], "mobile=Mobile user=UPN"],
    [
      "case, spaces and punctuation do not matter",
      ["USER  principal-name", "mobile_phone"],
      "mobile=mobile_phone user=USER  principal-name",
    ],
    [
      "Dutch",
      ["Gebruikersnaam (UPN)", "Mobiel", "Tweede mobiel", "Telefoon werk", "Land"],
      "alternateMobile=Tweede mobiel mobile=Mobiel office=Telefoon werk region=Land user=Gebruikersnaam (UPN)",
    ],
    [
      "German",
      ["Benutzername", "Handynummer", "Büro", "Länderkürzel"],
      "mobile=Handynummer office=Büro region=Länderkürzel user=Benutzername",
    ],
    [
      "German with decomposed umlauts",
      ["UPN", "Handy", "Bu\u0308ro"],
      "mobile=Handy office=Bu\u0308ro user=UPN",
    ],
    [
      "French",
      ["Nom d’utilisateur", "Téléphone portable", "Téléphone bureau", "Pays"],
      "mobile=Téléphone portable office=Téléphone bureau region=Pays user=Nom d’utilisateur",
    ],
    [
      "Spanish",
      ["Usuario", "Teléfono móvil", "Teléfono oficina", "País"],
      "mobile=Teléfono móvil office=Teléfono oficina region=País user=Usuario",
    ],
    [
      "Graph's own names",
      ["userPrincipalName", "mobilePhone", "businessPhones", "usageLocation"],
      "mobile=mobilePhone office=businessPhones region=usageLocation user=userPrincipalName",
    ],
    [
      "a userPrincipalName beside a user name",
      ["Username", "userPrincipalName", "Mobile"],
      "mobile=Mobile user=userPrincipalName",
    ],
    ["an office that is a building, beside a phone", ["UPN", "Office", "Phone"], "mobile=Phone user=UPN"],
    [
      "an office that is a building, beside an office phone",
      ["UPN", "Office", "Office phone"],
      "office=Office phone user=UPN",
    ],
    [
      "the headings of Entra's bulk template",
      [
        "User name [userPrincipalName] Required",
        "Mobile phone [mobile]",
        "Usage location [usageLocation] Required",
      ],
      "mobile=Mobile phone [mobile] region=Usage location [usageLocation] Required user=User name [userPrincipalName] Required",
    ],
    [
      "an HR number and an e-mail address are no second identity",
      ["ID", "UPN", "E-mail", "Employee ID", "Mobile"],
      "mobile=Mobile user=UPN",
    ],
    ["a list without phones", ["userPrincipalName", "department"], "user=userPrincipalName"],
  ];
  for (const [name, headers, expected] of cases) test(name, () => assert.equal(said(headers), expected));
});

describe("headers that are refused", () => {
  const cases: readonly (readonly [
    name: string,
    headers: readonly string[],
    expected: RegExp,
    request?: ColumnRequest,
  ])[] = [
    [
      "telephoneNumber beside mobile",
      ["userPrincipalName", "telephoneNumber", "mobile"],
      /^unclear: "telephoneNumber" stands beside "mobile"/,
    ],
    [
      "telephoneNumber beside mobilePhone",
      ["userPrincipalName", "mobilePhone", "telephoneNumber"],
      /^unclear: .*"mobilePhone"/,
    ],
    [
      "telephoneNumber beside an office phone",
      ["UPN", "telephoneNumber", "Work phone"],
      /^unclear: .*"Work phone"/,
    ],
    [
      "telephoneNumber beside a home phone",
      ["UPN", "telephoneNumber", "Home phone"],
      /^unclear: .*"Home phone"/,
    ],
    [
      "two generic phones",
      ["UPN", "Phone", "Telephone"],
      /^unclear: "Phone" and "Telephone" could each be the mobile/,
    ],
    [
      "two mobiles",
      ["UPN", "Mobile", "Cell phone"],
      /^unclear: "Mobile" and "Cell phone" could each be the mobile column/,
    ],
    ["two users", ["UPN", "userPrincipalName", "Mobile"], /^unclear: "UPN" and "userPrincipalName"/],
    [
      "two countries",
      ["UPN", "Mobile", "Country", "usageLocation"],
      /^unclear: "Country" and "usageLocation" could each be the region/,
    ],
    [
      "the same header twice, with letters",
      ["UPN", "Mobile", "Name", "Mobile"],
      /^unclear: "Mobile" \(column B\) and "Mobile" \(column D\)/,
    ],
    ["only an e-mail address", ["E-Mail", "Mobile"], /^notFound: .*"E-Mail", say --match mail/],
    ["only an employee number", ["Personeelsnummer", "Mobiel"], /^notFound: .*--match employeeId/],
    ["only an id", ["Object ID", "Mobile"], /^notFound: .*--match id/],
    ["nobody", ["Name", "Mobile"], /^notFound: no column says whose phone it is/],
    ["nothing", [], /^notFound/],
    [
      "a named header that is absent",
      ["UPN", "Mobile"],
      /^notFound: no column is called "Handy" \(asked for as mobile\)/,
      { columns: { mobile: "Handy" } },
    ],
    [
      "a named header that is there twice",
      ["UPN", "X", "X"],
      /^unclear: .*both fit "X"/,
      { columns: { mobile: "X" } },
    ],
    [
      "a named header that fits two in other case",
      ["UPN", "tel", "TEL"],
      /^unclear: .*both fit "Tel"/,
      { columns: { mobile: "Tel" } },
    ],
  ];
  for (const [name, headers, expected, request] of cases) {
    test(name, () => assert.match(said(headers, request), expected));
  }
});

describe("columns that are named", () => {
  const cases: readonly (readonly [
    name: string,
    headers: readonly string[],
    request: ColumnRequest,
    expected: string,
  ])[] = [
    [
      "settle telephoneNumber beside mobile",
      ["userPrincipalName", "telephoneNumber", "mobile"],
      { columns: { mobile: "telephoneNumber" } },
      "mobile=telephoneNumber user=userPrincipalName",
    ],
    [
      "leave a generic phone alone",
      ["UPN", "telephoneNumber", "Mobile"],
      { columns: { mobile: "Mobile" } },
      "mobile=Mobile user=UPN",
    ],
    [
      "let a plain header of another kind be found",
      ["UPN", "X", "Work phone"],
      { columns: { mobile: "X" } },
      "mobile=X office=Work phone user=UPN",
    ],
    [
      "give a generic phone to another kind",
      ["UPN", "telephoneNumber", "Mobile"],
      { columns: { office: "telephoneNumber" } },
      "mobile=Mobile office=telephoneNumber user=UPN",
    ],
    [
      "settle two users",
      ["UPN", "userPrincipalName", "Mobile"],
      { columns: { user: "UPN" } },
      "mobile=Mobile user=UPN",
    ],
    ["prefer the exact case", ["UPN", "tel", "Tel"], { columns: { mobile: "Tel" } }, "mobile=Tel user=UPN"],
    [
      "forgive another case where it is unique",
      ["UPN", "HANDY privat x"],
      { columns: { mobile: " handy Privat X " } },
      "mobile=HANDY privat x user=UPN",
    ],
    [
      "add a second identity",
      ["UPN", "Personalnummer", "Mobile"],
      { columns: { employeeId: "Personalnummer" } },
      "employeeId=Personalnummer mobile=Mobile user=UPN",
    ],
  ];
  for (const [name, headers, request, expected] of cases) {
    test(name, () => assert.equal(said(headers, request), expected));
  }
});

describe("--match says which column is the key", () => {
  const cases: readonly (readonly [
    name: string,
    headers: readonly string[],
    request: ColumnRequest,
    expected: string,
  ])[] = [
    ["mail", ["E-Mail", "Mobile"], { match: "mail" }, "mobile=Mobile user=E-Mail"],
    ["employeeId", ["Matricule", "Portable"], { match: "employeeId" }, "mobile=Portable user=Matricule"],
    ["id", ["id", "Mobile"], { match: "id" }, "mobile=Mobile user=id"],
    [
      "the column of that kind goes before the user's",
      ["UPN", "E-Mail", "Mobile"],
      { match: "mail" },
      "mobile=Mobile user=E-Mail",
    ],
    [
      "without such a column the user's holds it",
      ["Username", "Mobile"],
      { match: "mail" },
      "mobile=Mobile user=Username",
    ],
    [
      "a named user column is the key",
      ["Login", "E-Mail", "Mobile"],
      { match: "mail", columns: { user: "Login" } },
      "mobile=Mobile user=Login",
    ],
    [
      "a named column of that kind is the key too",
      ["A", "E-Mail", "Mobile"],
      { match: "mail", columns: { mail: "A" } },
      "mail=A mobile=Mobile user=A",
    ],
  ];
  for (const [name, headers, request, expected] of cases) {
    test(name, () => assert.equal(said(headers, request), expected));
  }
});

test("mapped phones are listed in the order of the types", () => {
  const choice = choose(["UPN", "Work phone", "Mobile"]);
  assert.deepEqual(choice.kind === "chosen" && mappedPhones(choice.columns), ["mobile", "office"]);
});

test("columns have the letters of a sheet", () => {
  assert.deepEqual([1, 26, 27, 52, 53, 702, 703, 16384].map(columnLetters), [
    "A",
    "Z",
    "AA",
    "AZ",
    "BA",
    "ZZ",
    "AAA",
    "XFD",
  ]);
});

test("headers compare without case, accents and punctuation, in any script", () => {
  assert.equal(comparable(" E-Mail-Adresse "), "emailadresse");
  assert.equal(comparable("Téléphone (portable)"), comparable("TELEPHONE PORTABLE"));
  assert.equal(comparable("Straße"), "strasse");
  assert.equal(comparable("電話 番号"), "電話番号");
});

describe("what is easily mistaken", () => {
  const cases: readonly (readonly [string, readonly string[], ColumnRequest, string])[] = [
    [
      "a column that was named for one kind is not taken for another",
      ["UPN", "Mobile"],
      { columns: { office: "Mobile" } },
      "office=Mobile user=UPN",
    ],
    [
      "the very header goes before one in other case",
      ["UPN", " Phone A ", "PHONE A"],
      { columns: { mobile: "Phone A" } },
      "mobile= Phone A  user=UPN",
    ],
    [
      "a header is named without the spaces around it",
      ["UPN", " HANDY A "],
      { columns: { mobile: "handy a" } },
      "mobile= HANDY A  user=UPN",
    ],
    [
      "a column that was named tells how users could be found",
      [" A ", "Mobile"],
      { columns: { mail: "A" } },
      'notFound: no column holds userPrincipalNames; to find users by "A", say --match mail',
    ],
    [
      "by userPrincipalName it is told, too",
      ["E-Mail", "Mobile"],
      { match: "upn" },
      'notFound: no column holds userPrincipalNames; to find users by "E-Mail", say --match mail',
    ],
    [
      "by another kind it is not",
      ["E-Mail", "Mobile"],
      { match: "id" },
      "notFound: no column says whose phone it is",
    ],
    [
      "headers are quoted without the spaces around them",
      ["UPN", " Phone ", " Mobile "],
      {},
      'unclear: "Phone" stands beside "Mobile", so it may be any phone',
    ],
    [
      "two of the same name are told by their letters",
      ["UPN", " Mobile", "Mobile "],
      {},
      'unclear: "Mobile" (column B) and "Mobile" (column C) could each be the mobile column',
    ],
    [
      "three are listed",
      ["UPN", "Mobile", "Cell phone", "Handy"],
      {},
      'unclear: "Mobile", "Cell phone", "Handy" could each be the mobile column',
    ],
  ];
  for (const [name, headers, request, expected] of cases) {
    test(name, () => assert.equal(said(headers, request), expected));
  }
});
