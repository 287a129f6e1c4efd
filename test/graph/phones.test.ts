import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alternateId,
  connected,
  faultOf,
  graphError,
  mobileId,
  officeId,
  phone,
  userId,
} from "./connected.ts";

const listPath = `/v1.0/users/${userId}/authentication/phoneMethods`;

test("a user's phones are read with the time before the read", async () => {
  const value = [
    phone(),
    phone({ id: alternateId, phoneType: "alternateMobile", smsSignInState: "notSupported" }),
    phone({ id: officeId.toUpperCase(), phoneType: "office", phoneNumber: "+31 201234567x12" }),
  ];
  let time = 40;
  await using it = await connected(() => ({ json: { "@odata.context": "x", value } }), {
    clock: { now: () => time++, wall: () => 0 },
  });
  const read = await it.graph.listPhones(userId);
  assert.deepEqual(read, {
    phones: [
      { id: mobileId, phoneType: "mobile", phoneNumber: "+1 2065550100", smsSignInState: "notEnabled" },
      {
        id: alternateId,
        phoneType: "alternateMobile",
        phoneNumber: "+1 2065550100",
        smsSignInState: "notSupported",
      },
      { id: officeId, phoneType: "office", phoneNumber: "+31 201234567x12", smsSignInState: "notEnabled" },
    ],
    masked: false,
    readAt: 40,
  });
  assert.equal(it.server.seen[0]?.path, listPath);
  assert.equal(it.server.seen[0]?.method, "GET");
});

const masks: readonly (readonly [number: string, masked: boolean])[] = [
  ["+31 XXXXXXX78", true],
  ["+XX XXXXXXX11", true],
  ["+31 *******78", true],
  ["+31 •••••••78", true],
  ["+1 2065550100x123", false],
];
for (const [phoneNumber, masked] of masks) {
  test(`${phoneNumber} is ${masked ? "masked" : "not masked"}`, async () => {
    await using it = await connected(() => ({ json: { value: [phone({ phoneNumber })] } }));
    assert.equal((await it.graph.listPhones(userId)).masked, masked);
  });
}

const lists: readonly { readonly name: string; readonly value: unknown; readonly phones?: number }[] = [
  { name: "no phones", value: [], phones: 0 },
  { name: "a phone without a type", value: [phone({ phoneType: undefined })], phones: 1 },
  {
    name: "a phone with the placeholder of the docs",
    value: [phone({ phoneType: "phoneType-value" })],
    phones: 1,
  },
  { name: "a phone with a state that is not known", value: [phone({ smsSignInState: "later" })], phones: 1 },
  { name: "a phone with a state of another type", value: [phone({ smsSignInState: 4 })], phones: 1 },
  {
    name: "a phone of a kind that does not exist yet",
    value: [phone(), phone({ id: "00000000-0000-0000-0000-000000000001", phoneType: "satellite" })],
    phones: 1,
  },
  { name: "a mobile phone under an id that is not known", value: [phone({ id: "no-such-id" })] },
  { name: "a phone without an id", value: [phone({ id: undefined })] },
  { name: "a mobile phone that says it is an office phone", value: [phone({ phoneType: "office" })] },
  { name: "two mobile phones", value: [phone(), phone()] },
  { name: "a phone without a number", value: [phone({ phoneNumber: undefined })] },
  { name: "a phone whose number is null", value: [phone({ phoneNumber: null })] },
  { name: "a phone whose number is empty", value: [phone({ phoneNumber: "" })] },
  { name: "a phone whose number is a JSON number", value: [phone({ phoneNumber: 12065550100 })] },
  { name: "a phone with a lost character", value: [phone({ phoneNumber: "+1 20655501\ufffd0" })] },
  { name: "an entry that is null", value: [null] },
  { name: "an entry that is a text", value: ["+1 2065550100"] },
  { name: "an object in the place of the list", value: { 0: phone() } },
  { name: "no list", value: undefined },
];
for (const { name, value, phones } of lists) {
  test(`a list with ${name} ${phones === undefined ? "cannot be read" : `holds ${phones} phones`}`, async () => {
    await using it = await connected(() => ({ json: { value } }));
    const read = it.graph.listPhones(userId);
    if (phones === undefined) assert.equal((await faultOf(read)).kind, "unreadable");
    else assert.equal((await read).phones.length, phones);
  });
}

test("states that are not known keep the phone", async () => {
  const states = ["later", 4];
  await using it = await connected((_, number) => ({
    json: { value: [phone({ smsSignInState: states[number - 1] })] },
  }));
  assert.equal((await it.graph.listPhones(userId)).phones[0]?.smsSignInState, "unknownFutureValue");
  assert.equal((await it.graph.listPhones(userId)).phones[0]?.smsSignInState, undefined);
});

test("phones on further pages are read as well, and a second phone of one type is seen across pages", async () => {
  await using it = await connected(({ path, headers }) => ({
    json: path.includes("skip")
      ? { value: [phone({ id: officeId, phoneType: "office" })] }
      : { value: [phone()], "@odata.nextLink": `http://${headers.host}${listPath}?$skiptoken=a%20b` },
  }));
  assert.equal((await it.graph.listPhones(userId)).phones.length, 2);
  assert.equal(it.server.seen[1]?.path, `${listPath}?$skiptoken=a%20b`);

  await using twice = await connected(({ path, headers }) => ({
    json: {
      value: [phone()],
      ...(path.includes("skip") ? {} : { "@odata.nextLink": `http://${headers.host}${listPath}?skip` }),
    },
  }));
  assert.equal((await faultOf(twice.graph.listPhones(userId))).kind, "unreadable");
});

test("one phone is read by its id; 404 is no phone", async () => {
  await using it = await connected((_, number) =>
    number === 1 ? { json: phone() } : { status: 404, json: graphError("resourceNotFound", "No.") },
  );
  assert.equal((await it.graph.getPhone(userId, "mobile"))?.phoneNumber, "+1 2065550100");
  assert.equal(await it.graph.getPhone(userId, "mobile"), undefined);
  assert.equal(it.server.seen[0]?.path, `${listPath}/${mobileId}`);
});

test("the answer to a read of one phone must be that phone", async () => {
  await using it = await connected(() => ({ json: phone() }));
  assert.equal((await faultOf(it.graph.getPhone(userId, "office"))).kind, "unreadable");
});

test("an id never becomes another path", async () => {
  await using it = await connected(() => ({ json: { value: [] } }));
  await it.graph.listPhones("../me?x#y/z");
  assert.equal(it.server.seen[0]?.path, "/v1.0/users/..%2Fme%3Fx%23y%2Fz/authentication/phoneMethods");
  await assert.rejects(it.graph.listPhones(".."), RangeError);
  await assert.rejects(it.graph.listPhones(""), RangeError);
  assert.equal(it.server.seen.length, 1);
});
