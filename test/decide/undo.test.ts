import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasEffect,
  refuseUnread,
  takeBack,
  type UndoEntry,
  type UndoInput,
  undoOrder,
} from "../../src/decide/undo.ts";
import { tookDefault, undoDefault } from "../../src/decide/undoDefault.ts";
import type { ChangeKind, DefaultMethod } from "../../src/model/change.ts";
import {
  type ExistingPhone,
  type PhoneType,
  phoneMethodIds,
  type SmsSignInState,
} from "../../src/model/phone.ts";
import type { Entry, LaterWrite, OutcomeKind } from "../../src/model/run.ts";

const before = "+31 612345601";
const written = "+31 612345602";
const third = "+31 612345603";

function entry(kind: ChangeKind, more: Partial<Entry> = {}): Entry {
  return {
    kind,
    user: "Adele@contoso.com",
    userPrincipalName: "adele@contoso.com",
    userId: "user-1",
    phoneType: "mobile",
    from: kind === "create" ? null : before,
    to: kind === "delete" ? null : written,
    reason: "otherNumber",
    ref: { row: 7, sheet: "Sheet1" },
    rows: [7, 9],
    runId: "run-1",
    seq: 1,
    state: "finished",
    attempts: 1,
    ...more,
  };
}

const did = (outcome: OutcomeKind | undefined, given: Entry): UndoEntry => ({ entry: given, outcome });

function phone(
  phoneNumber: string,
  smsSignInState: SmsSignInState = "notEnabled",
  phoneType: PhoneType = "mobile",
): ExistingPhone {
  return { id: phoneMethodIds[phoneType], phoneType, phoneNumber, smsSignInState };
}

const later = (runId: string, more: Partial<LaterWrite> = {}): LaterWrite => ({
  runId,
  phoneType: "mobile",
  outcome: "applied",
  ...more,
});

function back(
  entries: readonly UndoEntry[],
  existing: readonly ExistingPhone[],
  more: Partial<UndoInput> = {},
) {
  return takeBack({ runId: "run-1", entries, existing, later: [], ...more });
}

/** A change in a few words: kind, reason where it is refused, and what it goes from and to. */
function words({ changes }: ReturnType<typeof back>): readonly string[] {
  return changes.map(({ kind, reason, phoneType, from, to }) => {
    const what = kind === "refused" ? `refused ${reason}` : kind;
    return `${what} ${phoneType} ${from ?? "none"} > ${to ?? "none"}`;
  });
}

const update = (smsBefore?: SmsSignInState): Entry =>
  entry("update", smsBefore === undefined ? {} : { smsBefore });
const create = entry("create");
const remove = (smsBefore?: SmsSignInState): Entry =>
  entry("delete", smsBefore === undefined ? {} : { smsBefore });
const updated = `update mobile ${written} > ${before}`;
const refusedAs = (reason: string, from: string = written) => [
  `refused ${reason} mobile ${from} > ${before}`,
];

type Row = readonly [
  name: string,
  entries: readonly UndoEntry[],
  existing: readonly ExistingPhone[],
  expected: readonly string[],
  more?: Partial<UndoInput>,
];

const rows: readonly Row[] = [
  ["a create is deleted", [did("applied", create)], [phone(written)], [`delete mobile ${written} > none`]],
  ["an update is updated back", [did("applied", update("notAllowedByPolicy"))], [phone(written)], [updated]],
  [
    "a delete is created again",
    [did("applied", remove("notAllowedByPolicy"))],
    [],
    [`create mobile none > ${before}`],
  ],
  [
    "a number in another spelling is the same",
    [did("applied", create)],
    [phone("+31612345602")],
    [`delete mobile ${written} > none`],
  ],
  [
    "SMS sign-in that was on goes on again after the number",
    [did("applied", update("ready"))],
    [phone(written)],
    [updated, `enableSms mobile ${before} > ${before}`],
  ],
  ...(["notEnabled", "notConfigured", "phoneNumberNotUnique"] as const).map(
    (state): Row => [
      `SMS sign-in that was ${state} goes off again after the number`,
      [did("applied", remove(state))],
      [],
      [`create mobile none > ${before}`, `disableSms mobile ${before} > ${before}`],
    ],
  ),
  ...(["notAllowedByPolicy", "notSupported", "unknownFutureValue"] as const).map(
    (state): Row => [
      `SMS sign-in that was ${state} is the policy's affair`,
      [did("applied", update(state))],
      [phone(written)],
      [updated],
    ],
  ),
  [
    "what the run did to the SMS sign-in of a number goes back with the number",
    [did("applied", update("ready")), did("applied", entry("disableSms", { seq: 2, from: written }))],
    [phone(written)],
    [updated, `enableSms mobile ${before} > ${before}`],
  ],
  [
    "also where that was not needed",
    [did("applied", create), did("alreadySo", entry("disableSms", { seq: 2, from: written }))],
    [phone(written)],
    [`delete mobile ${written} > none`],
  ],
  [
    "what is as before needs nothing",
    [did("applied", update("ready"))],
    [phone(before)],
    [`unchanged mobile ${before} > ${before}`],
  ],
  ["nor does a created phone that is gone", [did("applied", create)], [], ["unchanged mobile none > none"]],
  [
    "a number changed since is left",
    [did("applied", update())],
    [phone(third)],
    refusedAs("changedSince", third),
  ],
  [
    "a phone removed since is left",
    [did("applied", update())],
    [],
    [`refused changedSince mobile none > ${before}`],
  ],
  [
    "a deleted phone that another took the place of is left",
    [did("applied", remove())],
    [phone(third)],
    refusedAs("changedSince", third),
  ],
  [
    "a number that was masked before is not known",
    [did("applied", entry("update", { from: "+31 XXXXXXX01" }))],
    [phone(written)],
    [`refused maskedBefore mobile ${written} > +31 XXXXXXX01`],
  ],
  [
    "also when the slot looks like it",
    [did("applied", entry("update", { from: "+31 XXXXXXX01" }))],
    [phone("+31 XXXXXXX01")],
    ["refused maskedBefore mobile +31 XXXXXXX01 > +31 XXXXXXX01"],
  ],
  [
    "a number read masked is not overwritten",
    [did("applied", update())],
    [phone("+31 XXXXXXX02")],
    refusedAs("maskedNow", "+31 XXXXXXX02"),
  ],
  [
    "a number in no form that Graph takes is not written",
    [did("applied", entry("update", { from: "0612345601" }))],
    [phone(written)],
    [`refused unwritable mobile ${written} > 0612345601`],
  ],
  ["what is in doubt is left", [did("inDoubt", update())], [phone(written)], refusedAs("inDoubt")],
  [
    "so is what was sent without an answer on record",
    [did(undefined, entry("update", { state: "sent" }))],
    [phone(written)],
    refusedAs("inDoubt"),
  ],
  [
    "what was so already is not this run's",
    [did("alreadySo", create)],
    [phone(written)],
    [`refused notByRun mobile ${written} > none`],
  ],
  [
    "also what the plan found unchanged",
    [did("alreadySo", entry("unchanged", { from: written }))],
    [phone(written)],
    [`refused notByRun mobile ${written} > ${written}`],
  ],
  ["of what was refused nothing is said", [did("refused", update())], [phone(before)], []],
  ["nor of what failed", [did("failed", update())], [phone(before)], []],
  ["nor of what was skipped", [did("skipped", update())], [phone(before)], []],
  ["nor of what was never sent", [did(undefined, entry("update", { state: "open" }))], [phone(before)], []],
  ["nor of a number that was kept", [did("skipped", entry("kept"))], [phone(before)], []],
  [
    "a default that was switched for a delete that failed is named",
    [did("failed", entry("delete", { switchDefault: { from: "sms", to: "push" } }))],
    [phone(before)],
    [`refused defaultLeft mobile ${before} > ${before}`],
  ],
  [
    "but not where nothing was sent",
    [did("refused", entry("delete", { attempts: 0, switchDefault: { from: "sms", to: "push" } }))],
    [phone(before)],
    [],
  ],

  [
    "a later run that changed the slot",
    [did("applied", update())],
    [phone(written)],
    refusedAs("laterRun"),
    { later: [later("run-2")] },
  ],
  [
    "a later run of which the change is in doubt",
    [did("applied", update())],
    [phone(written)],
    refusedAs("laterRun"),
    { later: [later("run-2", { outcome: "inDoubt" })] },
  ],
  [
    "a later run that changed another slot does not matter",
    [did("applied", update("notAllowedByPolicy"))],
    [phone(written)],
    [updated],
    { later: [later("run-2", { phoneType: "office" })] },
  ],
  [
    "a later run and its undo cancel each other",
    [did("applied", update("notAllowedByPolicy"))],
    [phone(written)],
    [updated],
    { later: [later("run-2"), later("run-3", { undoes: "run-2" })] },
  ],
  [
    "an undo that is in doubt cancels nothing",
    [did("applied", update())],
    [phone(written)],
    refusedAs("laterRun"),
    { later: [later("run-2"), later("run-3", { undoes: "run-2", outcome: "inDoubt" })] },
  ],
  [
    "an undo that was undone cancels nothing",
    [did("applied", update())],
    [phone(written)],
    refusedAs("laterRun"),
    { later: [later("run-2"), later("run-3", { undoes: "run-2" }), later("run-4", { undoes: "run-3" })] },
  ],
  [
    "the undo of an earlier run is a change",
    [did("applied", update())],
    [phone(written)],
    refusedAs("laterRun"),
    { later: [later("run-2", { undoes: "run-0" })] },
  ],
  [
    "an undo of this run that was undone makes no difference",
    [did("applied", update("notAllowedByPolicy"))],
    [phone(written)],
    [updated],
    { later: [later("run-2", { undoes: "run-1" }), later("run-3", { undoes: "run-2" })] },
  ],
  [
    "SMS sign-in that an earlier undo of this run left is finished",
    [did("applied", update("ready"))],
    [phone(before, "notEnabled")],
    [`unchanged mobile ${before} > ${before}`, `enableSms mobile ${before} > ${before}`],
    { later: [later("run-2", { undoes: "run-1" })] },
  ],
  [
    "and so is one that should be off",
    [did("applied", update("notEnabled"))],
    [phone(before, "ready")],
    [`unchanged mobile ${before} > ${before}`, `disableSms mobile ${before} > ${before}`],
    { later: [later("run-2", { undoes: "run-1" })] },
  ],
  [
    "but not after yet another run",
    [did("applied", update("ready"))],
    [phone(before, "notEnabled")],
    [`unchanged mobile ${before} > ${before}`],
    { later: [later("run-2", { undoes: "run-1" }), later("run-3")] },
  ],
  [
    "nor where it is as before",
    [did("applied", update("ready"))],
    [phone(before, "ready")],
    [`unchanged mobile ${before} > ${before}`],
    { later: [later("run-2", { undoes: "run-1" })] },
  ],

  [
    "SMS sign-in alone goes back",
    [did("applied", entry("disableSms", { from: written, smsBefore: "ready" }))],
    [phone(written, "notEnabled")],
    [`enableSms mobile ${written} > ${written}`],
  ],
  [
    "SMS sign-in alone, where the ledger does not know the state before",
    [did("applied", entry("enableSms", { from: written }))],
    [phone(written, "ready")],
    [`disableSms mobile ${written} > ${written}`],
  ],
  [
    "SMS sign-in alone that is back already",
    [did("applied", entry("disableSms", { from: written }))],
    [phone(written, "ready")],
    [`unchanged mobile ${written} > ${written}`],
  ],
  [
    "SMS sign-in of a number that is another one now",
    [did("applied", entry("disableSms", { from: written }))],
    [phone(third)],
    [`refused changedSince mobile ${third} > ${written}`],
  ],
  [
    "SMS sign-in of a phone that is gone",
    [did("applied", entry("disableSms", { from: written }))],
    [],
    [`refused changedSince mobile none > ${written}`],
  ],
  [
    "SMS sign-in of a number that looks the same",
    [did("applied", entry("disableSms", { from: written }))],
    [phone("+31 XXXXXXX02", "notEnabled")],
    ["enableSms mobile +31 XXXXXXX02 > +31 XXXXXXX02"],
  ],
  [
    "SMS sign-in of a number that is hidden and looks another",
    [did("applied", entry("disableSms", { from: written }))],
    [phone("+31 XXXXXXX99", "notEnabled")],
    [`refused maskedNow mobile +31 XXXXXXX99 > ${written}`],
  ],
  [
    "SMS sign-in that a later run changed",
    [did("applied", entry("disableSms", { from: written }))],
    [phone(written, "notEnabled")],
    [`refused laterRun mobile ${written} > ${written}`],
    { later: [later("run-2")] },
  ],
  [
    "SMS sign-in of a number that was there already",
    [
      did("alreadySo", create),
      did("applied", entry("disableSms", { seq: 2, from: written, smsBefore: "ready" })),
    ],
    [phone(written, "notEnabled")],
    [`refused notByRun mobile ${written} > none`, `enableSms mobile ${written} > ${written}`],
  ],
  [
    "one line where neither can go back",
    [did("alreadySo", create), did("alreadySo", entry("disableSms", { seq: 2, from: written }))],
    [phone(written)],
    [`refused notByRun mobile ${written} > none`],
  ],

  [
    "a mobile stays while an alternate mobile came since",
    [did("applied", create)],
    [phone(written), phone(third, "notSupported", "alternateMobile")],
    [`refused alternateNeedsMobile mobile ${written} > none`],
  ],
  [
    "both go together",
    [
      did("applied", create),
      did("applied", entry("create", { seq: 2, phoneType: "alternateMobile", to: third })),
    ],
    [phone(written), phone(third, "notSupported", "alternateMobile")],
    [`delete mobile ${written} > none`, `delete alternateMobile ${third} > none`],
  ],
  [
    "an alternate mobile is not created for a user without a mobile",
    [did("applied", entry("delete", { phoneType: "alternateMobile" }))],
    [],
    [`refused noMobile alternateMobile none > ${before}`],
  ],
  [
    "both come back together",
    [
      did("applied", entry("delete", { phoneType: "alternateMobile", from: third })),
      did("applied", entry("delete", { seq: 2, smsBefore: "notAllowedByPolicy" })),
    ],
    [],
    [`create mobile none > ${before}`, `create alternateMobile none > ${third}`],
  ],
];

for (const [name, entries, existing, expected, more] of rows) {
  test(`undo: ${name}`, () => {
    assert.deepEqual(words(back(entries, existing, more)), expected);
  });
}

test("a change of an undo keeps the user's names, the row and its reason", () => {
  const [change] = back([did("applied", update())], [phone(written)]).changes;
  const { user, userPrincipalName, userId, ref, rows: asked, reason } = change ?? entry("kept");
  assert.deepEqual(
    { user, userPrincipalName, userId, ref, asked, reason },
    {
      user: "Adele@contoso.com",
      userPrincipalName: "adele@contoso.com",
      userId: "user-1",
      ref: { row: 7, sheet: "Sheet1" },
      asked: [7, 9],
      reason: "undo",
    },
  );
});

test("a mobile that comes back without its SMS sign-in on record is counted", () => {
  assert.equal(back([did("applied", update())], [phone(written)]).smsUnknown, true);
  assert.equal(back([did("applied", remove())], []).smsUnknown, true);
  assert.equal(back([did("applied", update("ready"))], [phone(written)]).smsUnknown, false);
  assert.equal(back([did("applied", create)], [phone(written)]).smsUnknown, false);
  const office = entry("delete", { phoneType: "office" });
  assert.equal(back([did("applied", office)], []).smsUnknown, false);
});

test("without a read, what the run wrote stands for what is there", () => {
  const { changes } = takeBack({
    runId: "run-1",
    entries: [did("alreadySo", create)],
    later: [],
    existing: undefined,
  });
  assert.equal(changes[0]?.from, written);
});

test("of a user who cannot be read each slot that the run changed is refused once", () => {
  const entries = [
    did("applied", update("ready")),
    did("applied", entry("disableSms", { seq: 2, from: written })),
    did("alreadySo", entry("create", { seq: 3, phoneType: "office" })),
    did("failed", entry("create", { seq: 4, phoneType: "alternateMobile" })),
  ];
  const changes = refuseUnread({ runId: "run-1", entries, later: [], existing: undefined }, "forbidden");
  assert.deepEqual(
    changes.map(({ kind, reason, phoneType }) => `${kind} ${reason} ${phoneType}`),
    ["refused forbidden mobile", "refused notByRun office"],
  );
});

test("creates and updates come before deletes, each in the reverse order of the run", () => {
  const office = { phoneType: "office", smsBefore: "notSupported" } as const;
  const entries = [
    did("applied", entry("update", { seq: 1, smsBefore: "ready" })),
    did("applied", entry("create", { seq: 2, phoneType: "alternateMobile", to: third })),
    did("applied", entry("delete", { seq: 3, ...office })),
  ];
  const { changes } = back(entries, [phone(written), phone(third, "notSupported", "alternateMobile")]);
  assert.deepEqual(
    undoOrder(changes, entries).map(({ kind, phoneType }) => `${kind} ${phoneType}`),
    ["create office", "update mobile", "enableSms mobile", "delete alternateMobile"],
  );
});

test("what sends nothing comes first", () => {
  const entries = [
    did("applied", entry("delete", { seq: 1, smsBefore: "notAllowedByPolicy" })),
    did("alreadySo", entry("unchanged", { seq: 2, phoneType: "office" })),
  ];
  assert.deepEqual(
    undoOrder(back(entries, []).changes, entries).map(({ kind }) => kind),
    ["refused", "create"],
  );
});

type DefaultRow = readonly [
  name: string,
  taken: Entry["switchDefault"],
  now: { readonly default?: "sms" | "push" | "oath" } | undefined,
  switched: unknown,
  after: string | undefined,
  kept: boolean,
];

const defaults: readonly DefaultRow[] = [
  ["comes back", { from: "sms", to: "push" }, { default: "push" }, { from: "push", to: "sms" }, "sms", false],
  [
    "that went with the last method comes back",
    { from: "sms", to: null },
    {},
    { from: null, to: "sms" },
    "sms",
    false,
  ],
  ["that is back already stays", { from: "sms", to: "push" }, { default: "sms" }, undefined, "sms", false],
  [
    "that was chosen since stays, and is looked at again after the create",
    { from: "sms", to: "push" },
    { default: "oath" },
    { from: "push", to: "sms" },
    "oath",
    true,
  ],
  ["that cannot be read stays", { from: "sms", to: "push" }, undefined, undefined, undefined, true],
  ["that the run did not change stays", undefined, { default: "push" }, undefined, "push", false],
];

for (const [name, taken, now, switched, after, kept] of defaults) {
  test(`a default method ${name}`, () => {
    const entries = [did("applied", entry("delete", taken ? { switchDefault: taken } : {}))];
    const { changes } = back(entries, []);
    const undone = undoDefault({ changes, entries, preferences: now });
    assert.deepEqual(undone.changes[0]?.switchDefault, switched);
    assert.equal(undone.defaultMethod, after);
    assert.equal(undone.kept, kept);
  });
}

const held: readonly (readonly [name: string, now: DefaultMethod, said: string])[] = [
  ["and is as the run left it is named", "push", "refused defaultNotBack"],
  ["and is back is not", "sms", "unchanged undo"],
  ["and was chosen since is not", "oath", "unchanged undo"],
];

for (const [name, now, said] of held) {
  test(`a default method whose phone is back by itself ${name}`, () => {
    const switched = { from: "sms", to: "push" } as const;
    const entries = [did("applied", entry("delete", { switchDefault: switched }))];
    const { changes } = back(entries, [phone(before)]);
    const undone = undoDefault({ changes, entries, preferences: { default: now } });
    assert.deepEqual(
      undone.changes.map(({ kind, reason }) => `${kind} ${reason}`),
      [said],
    );
    assert.equal(undone.kept, now !== "sms");
  });
}

test("a default method goes back over two phones as it came", () => {
  const entries = [
    did(
      "applied",
      entry("delete", {
        phoneType: "alternateMobile",
        switchDefault: { from: "voiceAlternateMobile", to: "sms" },
      }),
    ),
    did("applied", entry("delete", { seq: 2, switchDefault: { from: "sms", to: null } })),
  ];
  const changes = undoOrder(back(entries, []).changes, entries).filter(({ kind }) => kind === "create");
  const undone = undoDefault({ changes, entries, preferences: {} });
  assert.deepEqual(
    undone.changes.map(({ phoneType, switchDefault }) => [phoneType, switchDefault]),
    [
      ["mobile", { from: null, to: "sms" }],
      ["alternateMobile", { from: "sms", to: "voiceAlternateMobile" }],
    ],
  );
  assert.equal(undone.defaultMethod, "voiceAlternateMobile");
  assert.equal(undone.kept, false);
});

test("the default method of a phone that does not come back is counted", () => {
  const entries = [did("applied", entry("delete", { switchDefault: { from: "sms", to: "push" } }))];
  const { changes } = back(entries, [phone(third)]);
  assert.equal(undoDefault({ changes, entries, preferences: { default: "push" } }).kept, true);
  assert.equal(undoDefault({ changes, entries, preferences: { default: "sms" } }).kept, false);
});

test("one applied write of a user is enough for him to be read", () => {
  const refused = did("refused", entry("update"));
  assert.equal(hasEffect([refused, did("applied", create)]), true);
  assert.equal(hasEffect([refused, did("applied", entry("unchanged"))]), false);
  assert.equal(hasEffect([]), false);
});

test("a mobile that comes back without its state of SMS sign-in is counted, whatever else comes back", () => {
  const office = did("applied", entry("delete", { phoneType: "office", seq: 2 }));
  assert.equal(back([did("applied", remove()), office], []).smsUnknown, true);
  assert.equal(back([did("applied", remove("ready")), office], []).smsUnknown, false);
  assert.equal(back([office], []).smsUnknown, false);
});

test("the order goes by when the numbers were written, not by when SMS sign-in was changed", () => {
  const entries = [
    did("applied", update("ready")),
    did("applied", entry("update", { phoneType: "alternateMobile", seq: 2 })),
    did("applied", entry("disableSms", { seq: 3, from: written })),
  ];
  const there = [phone(written), phone(written, "notSupported", "alternateMobile")];
  const { changes } = back(entries, there);
  const expected = ["update alternateMobile", "update mobile", "enableSms mobile"];
  for (const list of [changes, changes.toReversed()]) {
    assert.deepEqual(
      undoOrder(list, entries).map(({ kind, phoneType }) => `${kind} ${phoneType}`),
      expected,
    );
  }
});

const enabled = did("applied", entry("enableSms", { from: written }));
const undone = later("run-2", { undoes: "run-1" });

/** What is easily taken for something to take back. */
const edges: readonly (readonly [
  name: string,
  entries: readonly UndoEntry[],
  existing: readonly ExistingPhone[],
  expected: readonly string[],
  more?: Partial<UndoInput>,
])[] = [
  [
    "an office phone has no SMS sign-in to bring back",
    [did("applied", entry("update", { phoneType: "office", smsBefore: "notEnabled" }))],
    [phone(written, "notSupported", "office")],
    [`update office ${written} > ${before}`],
  ],
  [
    "SMS sign-in of a number that is masked now and is on record in another form",
    [did("applied", entry("enableSms", { from: written, to: "+31612345602" }))],
    [phone("+31 XXXXXXX02", "ready")],
    [`refused maskedNow mobile +31 XXXXXXX02 > ${written}`],
  ],
  [
    "SMS sign-in of a number that is masked now and is not on record",
    [did("applied", entry("enableSms", { from: written, to: null }))],
    [phone("+31 XXXXXXX02", "ready")],
    [`refused maskedNow mobile +31 XXXXXXX02 > ${written}`],
  ],
  [
    "a create that was refused left no default behind",
    [did("refused", entry("create", { switchDefault: { from: "push", to: "sms" } }))],
    [],
    [],
  ],
  ["a delete that was refused and switched no default", [did("refused", remove())], [phone(before)], []],
  [
    "SMS sign-in of a number that is back is left alone, when only an undo of another run was begun",
    [did("applied", update("ready"))],
    [phone(before)],
    [`unchanged mobile ${before} > ${before}`],
    { later: [later("run-2"), later("run-3", { undoes: "run-2" })] },
  ],
  [
    "so it is when the undo was begun for another phone",
    [did("applied", update("ready"))],
    [phone(before)],
    [`unchanged mobile ${before} > ${before}`],
    { later: [later("run-2", { undoes: "run-1", phoneType: "office" })] },
  ],
  [
    "the undo that was begun is gone on with",
    [did("applied", update("ready"))],
    [phone(before)],
    [`unchanged mobile ${before} > ${before}`, `enableSms mobile ${before} > ${before}`],
    { later: [undone] },
  ],
  [
    "it is not, of an office phone",
    [did("applied", entry("update", { phoneType: "office", smsBefore: "ready" }))],
    [phone(before, "notSupported", "office")],
    [`unchanged office ${before} > ${before}`],
    { later: [later("run-2", { undoes: "run-1", phoneType: "office" })] },
  ],
  [
    "it is not, of a state that is the policy's affair",
    [did("applied", update("notAllowedByPolicy"))],
    [phone(before, "ready")],
    [`unchanged mobile ${before} > ${before}`],
    { later: [undone] },
  ],
  [
    "only the alternate mobile is refused where there will be no mobile",
    [
      did("applied", entry("delete", { phoneType: "alternateMobile" })),
      did("applied", entry("delete", { phoneType: "office", seq: 2 })),
    ],
    [],
    [`refused noMobile alternateMobile none > ${before}`, `create office none > ${before}`],
  ],
  [
    "SMS sign-in that was enabled goes off again",
    [enabled],
    [phone(written, "ready")],
    [`disableSms mobile ${written} > ${written}`],
  ],
];

for (const [name, entries, existing, expected, more] of edges) {
  test(`undo: ${name}`, () => assert.deepEqual(words(back(entries, existing, more)), expected));
}

test("a run took a default away by a delete that was applied, and by nothing else", () => {
  const switchDefault = { from: "sms", to: "push" } as const;
  const taken = did("applied", entry("delete", { switchDefault }));
  assert.equal(tookDefault([did("applied", create), taken]), true);
  assert.equal(tookDefault([did("applied", create), did("applied", remove())]), false);
  assert.equal(tookDefault([did("refused", entry("delete", { switchDefault }))]), false);
  assert.equal(tookDefault([did("applied", entry("create", { switchDefault }))]), false);
  assert.equal(tookDefault([]), false);
});
