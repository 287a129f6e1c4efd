import { phoneMethodIds } from "../../model/phone.ts";
import type { JsonObject } from "../json.ts";
import { after, anyEnd, badEnd, compose, condition, filter, type RunAfter, select, wait } from "./actions.ts";
import type { Dialect } from "./dialect.ts";
import {
  choose,
  expressionsOf,
  isMasked,
  isRefusal,
  names,
  quoted,
  sameNumber,
  succeeded,
} from "./expressions.ts";
import type { FlowOptions } from "./options.ts";

/** Seconds after which a write without a good answer is read back: Graph's reads lag behind its writes. */
const firstRead = 5;
const horizon = 45;
const rowsAtOnce = 50;

/**
 * The flow: all rows of the table; those that can be written, 50 at once; for each a result; a summary; and a failed run
 * when anything is unresolved. It keeps no variables, because variables are not safe in a parallel loop.
 */
export function workflowDefinition(options: FlowOptions, dialect: Dialect): JsonObject {
  return {
    $schema:
      "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
    contentVersion: "1.0.0.0",
    parameters: dialect.parameters,
    triggers: { manual: dialect.trigger },
    actions: { ...rows(options, dialect), [names.loop]: loop(options, dialect), ...conclusion(options) },
    outputs: {},
  };
}

/** From the table to the rows that can be written, and those that are set aside with a reason. */
function rows(options: FlowOptions, { listRows }: Dialect): JsonObject {
  const { rowUser, rowNumber, isUnique } = expressionsOf(options);
  const usable = `and(startsWith(${rowNumber}, '+'), not(empty(${rowUser})), ${isUnique})`;
  const why = choose(
    [
      [`empty(${rowUser})`, "'missing-user'"],
      [`not(startsWith(${rowNumber}, '+'))`, "'region-needed'"],
    ],
    "'conflict'",
  );
  return {
    List_rows: listRows({}),
    Rows_with_a_number: filter(
      "coalesce(body('List_rows')?['value'], json('[]'))",
      `not(empty(${rowNumber}))`,
      after("List_rows"),
    ),
    Users: select("body('Rows_with_a_number')", `toLower(${rowUser})`, after("Rows_with_a_number")),
    [names.userList]: compose("concat('|', join(body('Users'), '||'), '|')", after("Users")),
    Rows_to_write: filter("body('Rows_with_a_number')", usable, after(names.userList)),
    Rows_set_aside: filter("body('Rows_with_a_number')", `not(${usable})`, after("Rows_to_write")),
    Results_set_aside: select(
      "body('Rows_set_aside')",
      { user: `@${rowUser}`, outcome: "refused", code: `@${why}` },
      after("Rows_set_aside"),
    ),
  };
}

function loop(options: FlowOptions, dialect: Dialect): JsonObject {
  return {
    type: "Foreach",
    foreach: "@body('Rows_to_write')",
    actions: options.policy === "add" ? addOne(options, dialect) : updateOne(options, dialect),
    runAfter: after("Results_set_aside"),
    runtimeConfiguration: { concurrency: { repetitions: rowsAtOnce } },
  };
}

/** Create; when that did not succeed, read what is there. */
function addOne(options: FlowOptions, dialect: Dialect): JsonObject {
  const { numberIn, number } = expressionsOf(options);
  const now = numberIn("Phone_now");
  const found = `if(empty(${now}), ${numberIn("Phone_later")}, ${now})`;
  const status = "coalesce(outputs('Create_phone')?['statusCode'], 0)";
  const cannotRead = `equals(coalesce(outputs('Read_back')?['statusCode'], 0), ${status})`;
  return {
    Create_phone: create(options, dialect, {}),
    ...readBack(options, dialect, { write: "Create_phone", unclear: `empty(${now})` }),
    Row_result: result(
      options,
      choose(
        [
          [succeeded("Create_phone"), "'applied'"],
          // Whoever may not read a user, or asks for one who is not there, gets the same refusal twice.
          [`and(${isRefusal(status)}, ${cannotRead})`, "'failed'"],
          [`not(${succeeded("Phone_now")})`, "'inDoubt'"],
          [`and(empty(${now}), not(${succeeded("Phone_later")}))`, "'inDoubt'"],
          [`and(empty(${found}), ${isRefusal(status)})`, "'failed'"],
          [`or(empty(${found}), ${isMasked(found)})`, "'inDoubt'"],
          [sameNumber(found, number), "'inPlace'"],
        ],
        "'refused'",
      ),
      status,
      { Create_phone: anyEnd, Look_again: anyEnd },
    ),
  };
}

/** Read; write what differs; when that did not succeed, read again. */
function updateOne(options: FlowOptions, dialect: Dialect): JsonObject {
  const { user, numberIn, number, isOfType } = expressionsOf(options);
  const before = numberIn("Phone_before");
  const now = numberIn("Phone_now");
  const last = `if(${succeeded("Phone_later")}, ${numberIn("Phone_later")}, ${now})`;
  const status =
    "coalesce(outputs('Create_phone')?['statusCode'], outputs('Update_phone')?['statusCode'], outputs('List_phones')?['statusCode'], 0)";
  const update = dialect.call({
    operation: "updatePhone",
    user,
    method: phoneMethodIds[options.phoneType],
    body: { phoneNumber: number },
    runAfter: {},
  });
  return {
    List_phones: dialect.call({ operation: "listPhones", user, runAfter: {} }),
    Phone_before: filter(
      "coalesce(body('List_phones')?['value'], json('[]'))",
      isOfType,
      after("List_phones"),
    ),
    Write_phone: condition(
      `empty(${before})`,
      { Create_phone: create(options, dialect, {}) },
      {
        Replace_number: condition(
          `not(or(${isMasked(before)}, ${sameNumber(before, number)}))`,
          { Update_phone: update },
          {},
          {},
        ),
      },
      after("Phone_before"),
    ),
    ...readBack(options, dialect, { write: "Write_phone", unclear: `not(${sameNumber(now, number)})` }),
    Row_result: result(
      options,
      choose(
        [
          // Nothing was sent.
          [`not(${succeeded("Phone_before")})`, "'failed'"],
          [sameNumber(before, number), "'alreadySo'"],
          [isMasked(before), "'refused'"],
          [`or(${succeeded("Create_phone")}, ${succeeded("Update_phone")})`, "'applied'"],
          [`not(${succeeded("Phone_now")})`, "'inDoubt'"],
          [`and(not(${sameNumber(now, number)}), not(${succeeded("Phone_later")}))`, "'inDoubt'"],
          [isMasked(last), "'inDoubt'"],
          [sameNumber(last, number), "'inPlace'"],
          [isRefusal(status), "'failed'"],
        ],
        "'inDoubt'",
      ),
      status,
      { Write_phone: anyEnd, Look_again: anyEnd },
    ),
  };
}

function create(options: FlowOptions, dialect: Dialect, runAfter: RunAfter): JsonObject {
  const { user, number } = expressionsOf(options);
  return dialect.call({
    operation: "createPhone",
    user,
    body: { phoneNumber: number, phoneType: quoted(options.phoneType) },
    runAfter,
  });
}

/** What is in the slot after a write without a good answer; where that is unclear, once more at the end of the horizon. */
function readBack(
  options: FlowOptions,
  dialect: Dialect,
  { write, unclear }: { readonly write: string; readonly unclear: string },
): JsonObject {
  const { user, isOfType } = expressionsOf(options);
  const read = (runAfter: RunAfter): JsonObject => dialect.call({ operation: "listPhones", user, runAfter });
  const phoneIn = (action: string): JsonObject =>
    filter(`coalesce(body('${action}')?['value'], json('[]'))`, isOfType, after(action));
  return {
    Wait_before_reading: wait(firstRead, { [write]: badEnd }),
    Read_back: read(after("Wait_before_reading")),
    Phone_now: phoneIn("Read_back"),
    Look_again: condition(
      unclear,
      {
        Wait_longer: wait(horizon - firstRead, {}),
        Read_again: read(after("Wait_longer")),
        Phone_later: phoneIn("Read_again"),
      },
      {},
      after("Phone_now"),
    ),
  };
}

/** One row's result: who, what came of it, and the last status; never a number. */
function result(options: FlowOptions, outcome: string, status: string, runAfter: RunAfter): JsonObject {
  const { user } = expressionsOf(options);
  return compose({ user: `@${user}`, outcome: `@${outcome}`, status: `@${status}` }, runAfter);
}

/** Gathers the results and fails the run when not everything is resolved. */
function conclusion({ mostRows, phoneColumn }: FlowOptions): JsonObject {
  const count = (outcome: string): string => `sub(length(split(outputs('Outcome_list'), '|${outcome}|')), 1)`;
  const inTable = "length(coalesce(body('List_rows')?['value'], json('[]')))";
  const missing = "sub(length(body('Rows_to_write')), length(body('Results')))";
  const unresolved = `add(add(length(body('Unresolved')), length(body('Rows_set_aside'))), ${missing})`;
  const none = `and(greater(${inTable}, 0), empty(body('Rows_with_a_number')))`;
  const more = `greaterOrEquals(${inTable}, ${mostRows})`;
  const message = choose(
    [
      [none, quoted(`No row has a number in the column ${phoneColumn}. Is that its name?`)],
      [more, quoted(`The table may hold more than ${mostRows} rows; nothing is known of the rest.`)],
    ],
    `concat(string(${unresolved}), ' of ', string(length(body('Rows_with_a_number'))), ' rows are not resolved. The steps Unresolved and Results_set_aside say which.')`,
  );
  return {
    Loop_results: filter("result('Apply_to_each')", "equals(item()?['name'], 'Row_result')", {
      [names.loop]: ["Succeeded", "Failed", "TimedOut"],
    }),
    Results: select(
      "coalesce(first(body('Loop_results'))?['outputs'], json('[]'))",
      "item()?['outputs']",
      after("Loop_results"),
    ),
    Unresolved: filter(
      "body('Results')",
      "not(contains(createArray('applied', 'alreadySo', 'inPlace'), coalesce(item()?['outcome'], '')))",
      after("Results"),
    ),
    Outcomes: select("body('Results')", "item()?['outcome']", after("Unresolved")),
    Outcome_list: compose("concat('|', join(body('Outcomes'), '||'), '|')", after("Outcomes")),
    Summary: compose(
      {
        rowsInTable: `@${inTable}`,
        rowsWithANumber: "@length(body('Rows_with_a_number'))",
        ...Object.fromEntries(outcomes.map(outcome => [outcome, `@${count(outcome)}`])),
        setAside: "@length(body('Rows_set_aside'))",
        withoutResult: `@${missing}`,
      },
      after("Outcome_list"),
    ),
    Is_anything_unresolved: condition(
      `or(greater(${unresolved}, 0), or(${none}, ${more}))`,
      {
        Fail_the_run: {
          type: "Terminate",
          inputs: { runStatus: "Failed", runError: { code: "Unresolved", message: `@${message}` } },
          runAfter: {},
        },
      },
      {},
      after("Summary"),
    ),
  };
}

/** What may come of a row that was tried, in the order in which the summary counts them. */
const outcomes = ["applied", "alreadySo", "inPlace", "refused", "failed", "inDoubt"];
