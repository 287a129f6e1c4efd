import assert from "node:assert/strict";
import { test } from "node:test";
import { keepMethods, type Method } from "../../src/decide/leftMethods.ts";
import { order } from "../../src/decide/order.ts";
import type { Change, ChangeKind, DefaultMethod } from "../../src/model/change.ts";
import { type PhoneType, phoneMethodIds } from "../../src/model/phone.ts";

function change(kind: ChangeKind, phoneType: PhoneType): Change {
  return {
    kind,
    user: "adele@contoso.com",
    userPrincipalName: "adele@contoso.com",
    userId: "user-1",
    phoneType,
    from: kind === "create" ? null : "+31 612345601",
    to: kind === "delete" ? null : "+31 612345602",
    reason: "requested",
    ref: { row: 2 },
    rows: [2],
  };
}

const password: Method = { id: "p", kind: "passwordAuthenticationMethod" };
const app: Method = { id: "a", kind: "microsoftAuthenticatorAuthenticationMethod" };
const code: Method = { id: "o", kind: "softwareOathAuthenticationMethod" };
const passkey: Method = { id: "f", kind: "fido2AuthenticationMethod" };
const phone = (type: PhoneType): Method => ({ id: phoneMethodIds[type], kind: "phoneAuthenticationMethod" });

type Row = {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly methods?: readonly Method[];
  readonly defaultMethod?: DefaultMethod;
  readonly mayLose?: boolean;
  /** In the order of sending: kind, type, and what becomes of the default. */
  readonly expected: readonly string[];
  readonly left?: boolean;
};

const rows: readonly Row[] = [
  {
    name: "a delete that leaves another method goes",
    changes: [change("delete", "mobile")],
    methods: [password, phone("mobile"), app],
    expected: ["delete mobile"],
  },
  {
    name: "the last method stays",
    changes: [change("delete", "mobile")],
    methods: [password, phone("mobile")],
    defaultMethod: "sms",
    expected: ["refused lastMethod mobile"],
  },
  {
    name: "the last method goes where it may, and the default with it",
    changes: [change("delete", "mobile")],
    methods: [password, phone("mobile")],
    defaultMethod: "sms",
    mayLose: true,
    expected: ["delete mobile, default sms to none"],
    left: true,
  },
  {
    name: "the default goes last of all that go",
    changes: [change("delete", "mobile"), change("delete", "office")],
    methods: [phone("mobile"), phone("office")],
    defaultMethod: "voiceOffice",
    mayLose: true,
    expected: ["delete mobile", "delete office, default voiceOffice to none"],
    left: true,
  },
  {
    name: "an alternate mobile cannot go last, so the mobile becomes the default first",
    changes: [change("delete", "mobile"), change("delete", "alternateMobile")],
    methods: [phone("mobile"), phone("alternateMobile")],
    defaultMethod: "voiceAlternateMobile",
    mayLose: true,
    expected: [
      "delete alternateMobile, default voiceAlternateMobile to sms",
      "delete mobile, default sms to none",
    ],
    left: true,
  },
  {
    name: "a default alternate mobile goes before the mobile",
    changes: [change("delete", "mobile"), change("delete", "alternateMobile")],
    methods: [phone("mobile"), phone("alternateMobile"), app],
    defaultMethod: "voiceAlternateMobile",
    expected: ["delete alternateMobile, default voiceAlternateMobile to push", "delete mobile"],
  },
  {
    name: "a default that stays is not switched",
    changes: [change("delete", "office")],
    methods: [phone("mobile"), phone("office")],
    defaultMethod: "sms",
    expected: ["delete office"],
  },
  {
    name: "what goes as the last is no default",
    changes: [change("delete", "office")],
    methods: [phone("office")],
    mayLose: true,
    expected: ["delete office"],
    left: true,
  },
  {
    name: "a phone that is created can become the default",
    changes: [change("create", "office"), change("delete", "mobile")],
    methods: [phone("mobile")],
    defaultMethod: "voiceMobile",
    expected: ["create office", "delete mobile, default voiceMobile to voiceOffice"],
  },
  {
    name: "where nothing can become the default the whole user stays",
    changes: [change("update", "office"), change("delete", "mobile")],
    methods: [phone("mobile"), passkey],
    defaultMethod: "sms",
    expected: ["refused defaultMethod mobile", "refused defaultMethod office"],
  },
  {
    name: "what sends nothing stays as it is there, and every write is refused",
    changes: [
      change("kept", "office"),
      change("disableSms", "mobile"),
      change("update", "alternateMobile"),
      change("delete", "mobile"),
    ],
    methods: [phone("mobile"), passkey],
    defaultMethod: "sms",
    expected: [
      "refused defaultMethod mobile",
      "refused defaultMethod mobile",
      "refused defaultMethod alternateMobile",
      "kept office",
    ],
  },
  {
    name: "a user without a default needs no switch",
    changes: [change("delete", "mobile")],
    methods: [phone("mobile"), passkey],
    expected: ["delete mobile"],
  },
  {
    name: "a default that is no phone needs no switch",
    changes: [change("delete", "mobile")],
    methods: [phone("mobile"), passkey],
    defaultMethod: "push",
    expected: ["delete mobile"],
  },
  {
    name: "a default that stays needs no switch, also where it is not listed",
    changes: [change("delete", "office")],
    methods: [phone("office"), passkey],
    defaultMethod: "sms",
    expected: ["delete office"],
  },
  {
    name: "a code generator can become the default",
    changes: [change("delete", "mobile")],
    methods: [phone("mobile"), phone("office"), code],
    defaultMethod: "sms",
    expected: ["delete mobile, default sms to oath"],
  },
  {
    name: "the app becomes it before a code generator",
    changes: [change("delete", "mobile")],
    methods: [phone("mobile"), code, app],
    defaultMethod: "sms",
    expected: ["delete mobile, default sms to push"],
  },
  {
    name: "the mobile can become the default",
    changes: [change("delete", "office")],
    methods: [phone("alternateMobile"), phone("mobile"), phone("office")],
    defaultMethod: "voiceOffice",
    expected: ["delete office, default voiceOffice to sms"],
  },
  {
    name: "the alternate mobile can become the default",
    changes: [change("delete", "office")],
    methods: [phone("alternateMobile"), phone("office")],
    defaultMethod: "voiceOffice",
    expected: ["delete office, default voiceOffice to voiceAlternateMobile"],
  },
  {
    name: "only the delete of the default switches it",
    changes: [change("disableSms", "mobile"), change("delete", "mobile")],
    methods: [phone("mobile"), app],
    defaultMethod: "sms",
    expected: ["disableSms mobile", "delete mobile, default sms to push"],
  },
  {
    name: "only the delete of the last method takes the default with it",
    changes: [change("disableSms", "mobile"), change("delete", "mobile")],
    methods: [phone("mobile")],
    defaultMethod: "sms",
    mayLose: true,
    expected: ["disableSms mobile", "delete mobile, default sms to none"],
    left: true,
  },
  {
    name: "a default that is not among the methods is not switched over the mobile",
    changes: [change("delete", "mobile")],
    methods: [phone("mobile")],
    defaultMethod: "voiceAlternateMobile",
    mayLose: true,
    expected: ["delete mobile"],
    left: true,
  },
  {
    name: "an office phone beside them is switched to nothing",
    changes: [change("delete", "mobile"), change("delete", "alternateMobile"), change("delete", "office")],
    methods: [phone("mobile"), phone("alternateMobile"), phone("office")],
    defaultMethod: "voiceAlternateMobile",
    mayLose: true,
    expected: [
      "delete office",
      "delete alternateMobile, default voiceAlternateMobile to sms",
      "delete mobile, default sms to none",
    ],
    left: true,
  },
  {
    name: "only the delete of the last method is refused",
    changes: [change("unchanged", "office"), change("delete", "mobile")],
    methods: [phone("mobile")],
    expected: ["refused lastMethod mobile", "unchanged office"],
  },
  {
    name: "who loses nothing is not left without a method, whatever is listed",
    changes: [change("update", "mobile")],
    methods: [password],
    mayLose: true,
    expected: ["update mobile"],
  },
  {
    name: "where methods cannot be read nothing is decided",
    changes: [change("delete", "mobile")],
    defaultMethod: "sms",
    expected: ["delete mobile"],
  },
];

for (const { name, changes, methods, defaultMethod, mayLose = false, expected, left = false } of rows) {
  test(name, () => {
    const kept = keepMethods({ changes, methods, defaultMethod, allowLastMethod: mayLose });
    const told = order(kept.changes).map(({ kind, reason, phoneType, switchDefault }) => {
      const what = kind === "refused" ? `${kind} ${reason} ${phoneType}` : `${kind} ${phoneType}`;
      return switchDefault ? `${what}, default ${switchDefault.from} to ${switchDefault.to ?? "none"}` : what;
    });
    assert.deepEqual(told, expected);
    assert.equal(kept.leftWithoutMethod, left);
  });
}
