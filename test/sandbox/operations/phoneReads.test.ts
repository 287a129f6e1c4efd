import assert from "node:assert/strict";
import { test } from "node:test";
import { alternateMobile, aSandbox, kim, mobile, office, phonesOf } from "../client.ts";

const three = {
  users: [
    {
      userPrincipalName: kim,
      phones: { mobile: "+1 2065550100", alternateMobile: "+1 2065550101", office: "+1 2065550102" },
    },
  ],
};

test("a list has its context with the user as sent, and the phones in the order of recorded answers", async t => {
  const { call } = await aSandbox(t, three);
  const reply = await call("GET", phonesOf(kim));
  assert.equal(reply.status, 200);
  assert.equal(
    reply.text,
    JSON.stringify({
      "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#users('${kim}')/authentication/phoneMethods`,
      value: [
        {
          id: mobile,
          phoneNumber: "+1 2065550100",
          phoneType: "mobile",
          smsSignInState: "notAllowedByPolicy",
        },
        {
          id: alternateMobile,
          phoneNumber: "+1 2065550101",
          phoneType: "alternateMobile",
          smsSignInState: "notSupported",
        },
        { id: office, phoneNumber: "+1 2065550102", phoneType: "office", smsSignInState: "notSupported" },
      ],
    }),
  );
});

test("a user without phones has an empty list", async t => {
  const { call } = await aSandbox(t);
  assert.deepEqual((await call("GET", phonesOf(kim))).json.value, []);
});

test("one phone has the entity's context", async t => {
  const { sandbox, call } = await aSandbox(t, three);
  const id = sandbox.user(kim)?.id;
  const reply = await call("GET", `/v1.0/users/${id}/authentication/phoneMethods/${office}`);
  assert.deepEqual(reply.json, {
    "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#users('${id}')/authentication/phoneMethods/$entity`,
    id: office,
    phoneNumber: "+1 2065550102",
    phoneType: "office",
    smsSignInState: "notSupported",
  });
});

test("the count is text", async t => {
  const { call } = await aSandbox(t, three);
  const reply = await call("GET", `${phonesOf(kim)}/$count`);
  assert.deepEqual([reply.text, reply.headers.get("content-type")], ["3", "text/plain"]);
});

const created: readonly ["absent" | "filled" | "null", unknown][] = [
  ["absent", undefined],
  ["filled", "2020-01-01T00:00:00.000Z"],
  ["null", null],
];

for (const [createdDateTime, expected] of created) {
  test(`createdDateTime can be ${createdDateTime}`, async t => {
    const { call } = await aSandbox(t, { ...three, createdDateTime });
    const [phone] = (await call("GET", phonesOf(kim))).value;
    assert.equal(phone?.createdDateTime, expected);
    if (expected !== undefined)
      assert.deepEqual(Object.keys(phone ?? {}).slice(0, 2), ["id", "createdDateTime"]);
  });
}

for (const option of [
  "$filter=phoneType eq 'mobile'",
  "$select=id",
  "$top=1",
  "%24filter=phoneType%20eq%20'mobile'",
]) {
  test(`the query option ${option} is refused, as the page knows none`, async t => {
    const { call } = await aSandbox(t, three);
    const reply = await call("GET", `${phonesOf(kim)}?${option}`);
    assert.deepEqual([reply.status, reply.code], [400, "BadRequest"]);
  });
}

test("without strict, $filter and $select work as production scripts count on", async t => {
  const { call } = await aSandbox(t, { ...three, strict: false });
  const reply = await call("GET", `${phonesOf(kim)}?$filter=phoneType eq 'office'&$select=phoneNumber`);
  assert.deepEqual(reply.json.value, [{ phoneNumber: "+1 2065550102" }]);
});

test("reads that lag show the phones as they were", async t => {
  let now = Date.UTC(2026, 0, 1);
  const { sandbox, call } = await aSandbox(t, {
    ...three,
    stalenessMs: 500,
    clock: { now: () => now, after: (_, run) => run() },
  });
  await call("PATCH", `${phonesOf(kim)}/${mobile}`, { body: { phoneNumber: "+1 2065550109" } });
  const number = async () => (await call("GET", `${phonesOf(kim)}/${mobile}`)).json.phoneNumber;
  assert.equal(await number(), "+1 2065550100");
  assert.equal(
    sandbox.user(kim)?.phones.mobile?.phoneNumber,
    "+1 2065550109",
    "the store itself does not lag",
  );
  now += 499;
  assert.equal(await number(), "+1 2065550100");
  now += 1;
  assert.equal(await number(), "+1 2065550109");
});

test("a write decides on what is stored, not on what lagging reads show", async t => {
  const { call } = await aSandbox(t, { ...three, stalenessMs: 60_000 });
  assert.equal((await call("DELETE", `${phonesOf(kim)}/${office}`)).status, 204);
  assert.equal((await call("GET", `${phonesOf(kim)}/${office}`)).status, 200);
  assert.equal((await call("DELETE", `${phonesOf(kim)}/${office}`)).status, 404);
});

test("a phone set directly is seen at once, lag or not", async t => {
  const { sandbox, call } = await aSandbox(t, { stalenessMs: 60_000 });
  sandbox.setPhone(kim, "mobile", "+1 2065550100");
  assert.equal((await call("GET", phonesOf(kim))).value.length, 1);
  sandbox.setPhone(kim, "mobile", undefined);
  assert.equal((await call("GET", phonesOf(kim))).value.length, 0);
});

test("reads that lag pass through every state on the way", async t => {
  let now = Date.UTC(2026, 0, 1);
  const { call } = await aSandbox(t, {
    ...three,
    stalenessMs: 500,
    clock: { now: () => now, after: (_, run) => run() },
  });
  const numbers = ["+1 2065550111", "+1 2065550112", "+1 2065550113"];
  for (const phoneNumber of numbers) {
    await call("PATCH", `${phonesOf(kim)}/${mobile}`, { body: { phoneNumber } });
    now += 100;
  }
  const seen: unknown[] = [];
  for (let step = 0; step < 6; step++) {
    seen.push((await call("GET", `${phonesOf(kim)}/${mobile}`)).json.phoneNumber);
    now += 100;
  }
  assert.deepEqual(seen, ["+1 2065550100", "+1 2065550100", ...numbers, numbers[2]]);
});
