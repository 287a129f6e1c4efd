import type { Clock } from "../../../src/engine/clock.ts";
import { evaluate, type Lookup, type Value } from "./expression.ts";

type Fields = { readonly [name: string]: Value };
export type Status = "Succeeded" | "Failed" | "Skipped" | "TimedOut";

/** An answer of a service; undefined when none came. */
export type Answer =
  | { readonly statusCode: number; readonly headers: Fields; readonly body: Value }
  | undefined;

/** What stands behind the actions that call something. */
export type Services = {
  /** Calls what an action of this type names; its inputs are evaluated. */
  readonly call: (type: string, inputs: Fields, action: Fields) => Promise<Answer>;
  readonly clock: Clock;
};

/** What a run came to. Loops keep a record of each turn. */
export type FlowRun = {
  readonly status: "Succeeded" | "Failed";
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** How a step outside the loop ended. */
  readonly actions: ReadonlyMap<string, Ended>;
  /** The body of a step outside the loop. */
  readonly body: (name: string) => Value;
};

export type Ended = {
  readonly status: Status;
  readonly inputs: Value;
  readonly outputs: Value;
  readonly error?: string;
};

type Scope = {
  readonly ended: Map<string, Ended>;
  readonly parent: Scope | undefined;
  /** The current row, by the name of its loop. */
  readonly loop?: { readonly name: string; readonly item: Value };
  readonly turns: Map<string, readonly ReadonlyMap<string, Ended>[]>;
};

type World = {
  readonly services: Services;
  readonly parameters: Fields;
  ending: { readonly code: string; readonly message: string } | undefined;
  finished: boolean;
};

/**
 * Runs a workflow definition as the service's documentation says it is run, and no other than our flows use: an action,
 * a function or a setting that it does not know is an error with its name.
 */
export async function runFlow(
  definition: Fields,
  services: Services,
  parameters: Fields = {},
): Promise<FlowRun> {
  const defaults = Object.fromEntries(
    Object.entries(fields(definition.parameters)).map(([name, each]) => [
      name,
      fields(each).defaultValue ?? {},
    ]),
  );
  const world: World = {
    services,
    parameters: { ...defaults, ...parameters },
    ending: undefined,
    finished: false,
  };
  const scope: Scope = { ended: new Map(), parent: undefined, turns: new Map() };
  const actions = fields(definition.actions);
  await runActions(actions, scope, world);
  return {
    status: world.ending === undefined && statusOf(actions, scope) === "Succeeded" ? "Succeeded" : "Failed",
    error: world.ending,
    actions: scope.ended,
    body: name => bodyOf(scope.ended.get(name)?.outputs ?? null),
  };
}

/** Starts each action as soon as those it runs after have ended. */
async function runActions(actions: Fields, scope: Scope, world: World): Promise<void> {
  const running = new Map<string, Promise<Ended>>();
  const start = (name: string): Promise<Ended> => {
    const known = running.get(name);
    if (known !== undefined) return known;
    const action = actions[name];
    if (action === undefined)
      throw new Error(`An action runs after ${name}, which does not stand beside it.`);
    const made = (async (): Promise<Ended> => {
      const before = Object.entries(fields(fields(action).runAfter));
      const ends = await Promise.all(
        before.map(async ([other, wanted]) =>
          (wanted as readonly Value[]).includes((await start(other)).status),
        ),
      );
      const fits = !ends.includes(false);
      const ended: Ended =
        fits && !world.finished
          ? await runAction(name, fields(action), scope, world)
          : { status: "Skipped", inputs: null, outputs: null };
      scope.ended.set(name, ended);
      if (ended.status === "Skipped") skipInner(fields(action), scope);
      return ended;
    })();
    running.set(name, made);
    return made;
  };
  await Promise.all(Object.keys(actions).map(start));
}

/** What stands inside an action that is skipped is skipped. */
function skipInner(action: Fields, scope: Scope): void {
  for (const inner of [action.actions, fields(action.else).actions]) {
    for (const [name, each] of Object.entries(fields(inner))) {
      scope.ended.set(name, { status: "Skipped", inputs: null, outputs: null });
      skipInner(fields(each), scope);
    }
  }
}

async function runAction(name: string, action: Fields, scope: Scope, world: World): Promise<Ended> {
  refuseUnknown(name, action);
  const lookup = lookupIn(scope, world);
  const type = String(action.type);
  try {
    switch (type) {
      case "Compose": {
        const value = evaluate(action.inputs ?? null, lookup);
        return { status: "Succeeded", inputs: value, outputs: value };
      }
      case "Query":
      case "Select":
        return overList(type, fields(action.inputs), scope, world);
      case "If":
        return await eitherOr(action, scope, world);
      case "Foreach":
        return await forEach(name, action, scope, world);
      case "Wait": {
        const interval = fields(fields(action.inputs).interval);
        if (interval.unit !== "Second") throw new Error(`The unit ${String(interval.unit)} is not known.`);
        await world.services.clock.sleep(Number(interval.count) * 1000);
        return { status: "Succeeded", inputs: null, outputs: null };
      }
      case "Terminate": {
        const inputs = fields(evaluate(action.inputs ?? null, lookup));
        const error = fields(inputs.runError);
        world.ending = { code: String(error.code), message: String(error.message) };
        world.finished = true;
        return { status: "Succeeded", inputs, outputs: null };
      }
      case "OpenApiConnection":
      case "ApiConnection":
      case "Http":
        return await callService(type, action, lookup, world);
      default:
        throw new UnknownConstruct(`The action type ${type} (${name}) is not known to this runner.`);
    }
  } catch (error) {
    if (error instanceof UnknownConstruct) throw error;
    // An expression that cannot be evaluated fails its action, as it does in the service.
    return { status: "Failed", inputs: null, outputs: null, error: String(error) };
  }
}

class UnknownConstruct extends Error {}

const known: Readonly<Record<string, readonly string[]>> = {
  Compose: ["inputs"],
  Query: ["inputs"],
  Select: ["inputs"],
  If: ["expression", "actions", "else"],
  Foreach: ["foreach", "actions"],
  Wait: ["inputs"],
  Terminate: ["inputs"],
  OpenApiConnection: ["inputs"],
  ApiConnection: ["inputs"],
  Http: ["inputs"],
};

function refuseUnknown(name: string, action: Fields): void {
  const own = known[String(action.type)];
  if (own === undefined) {
    throw new UnknownConstruct(
      `The action type ${String(action.type)} (${name}) is not known to this runner.`,
    );
  }
  const allowed = [...own, "type", "runAfter", "runtimeConfiguration"];
  const odd = Object.keys(action).find(key => !allowed.includes(key));
  if (odd !== undefined) throw new UnknownConstruct(`${odd} of ${name} is not known to this runner.`);
  const settings = ["secureData", "paginationPolicy", "concurrency"];
  const setting = Object.keys(fields(action.runtimeConfiguration)).find(key => !settings.includes(key));
  if (setting !== undefined) throw new UnknownConstruct(`The setting ${setting} of ${name} is not known.`);
}

function overList(type: "Query" | "Select", inputs: Fields, scope: Scope, world: World): Ended {
  const from = evaluate(inputs.from ?? null, lookupIn(scope, world));
  if (!Array.isArray(from)) throw new Error("from is not a list");
  const made: Value[] = [];
  for (const item of from as readonly Value[]) {
    const lookup = lookupIn(scope, world, item);
    if (type === "Select") made.push(evaluate(inputs.select ?? null, lookup));
    else if (evaluate(inputs.where ?? null, lookup) === true) made.push(item);
  }
  return { status: "Succeeded", inputs: null, outputs: { body: made } };
}

async function eitherOr(action: Fields, scope: Scope, world: World): Promise<Ended> {
  const conditions = fields(action.expression).and as readonly Value[];
  const lookup = lookupIn(scope, world);
  const holds = conditions.every(each => {
    const [left, right] = fields(each).equals as readonly Value[];
    return evaluate(left ?? null, lookup) === evaluate(right ?? null, lookup);
  });
  const [taken, left] = holds
    ? [fields(action.actions), fields(fields(action.else).actions)]
    : [fields(fields(action.else).actions), fields(action.actions)];
  for (const [name, each] of Object.entries(left)) {
    scope.ended.set(name, { status: "Skipped", inputs: null, outputs: null });
    skipInner(fields(each), scope);
  }
  await runActions(taken, scope, world);
  return { status: statusOf(taken, scope), inputs: null, outputs: null };
}

async function forEach(name: string, action: Fields, scope: Scope, world: World): Promise<Ended> {
  const items = evaluate(action.foreach ?? null, lookupIn(scope, world));
  if (!Array.isArray(items)) throw new Error("foreach is not a list");
  const { repetitions } = fields(fields(action.runtimeConfiguration).concurrency);
  const lanes = Number(repetitions ?? 1);
  if (lanes < 1 || lanes > 50) throw new Error("repetitions must be 1 to 50");
  const actions = fields(action.actions);
  const turns: ReadonlyMap<string, Ended>[] = [];
  let status: Status = "Succeeded";
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = (items as readonly Value[])[index] ?? null;
      const turn: Scope = { ended: new Map(), parent: scope, loop: { name, item }, turns: new Map() };
      turns[index] = turn.ended;
      await runActions(actions, turn, world);
      if (statusOf(actions, turn) !== "Succeeded") status = "Failed";
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  scope.turns.set(name, turns);
  return { status, inputs: null, outputs: null };
}

/** How a group ended: as the ends of its branches; a branch that ends with a skipped action, as what came before it. */
function statusOf(actions: Fields, scope: Scope): Status {
  const followed = new Set(
    Object.values(actions).flatMap(each => Object.keys(fields(fields(each).runAfter))),
  );
  const leaves = Object.keys(actions).filter(name => !followed.has(name));
  const endOf = (name: string): Status => {
    const status = scope.ended.get(name)?.status ?? "Skipped";
    if (status !== "Skipped") return status;
    const before = Object.keys(fields(fields(actions[name]).runAfter)).map(endOf);
    return before.find(each => each === "Failed" || each === "TimedOut") ?? "Skipped";
  };
  const bad = leaves.map(endOf).some(status => status === "Failed" || status === "TimedOut");
  return bad ? "Failed" : "Succeeded";
}

async function callService(type: string, action: Fields, lookup: Lookup, world: World): Promise<Ended> {
  const { retryPolicy, ...template } = fields(action.inputs);
  const inputs = fields(evaluate(template, lookup));
  const policy = fields(retryPolicy);
  if (policy.type !== "exponential")
    throw new UnknownConstruct(`The retry policy ${String(policy.type)} is not known.`);
  for (let attempt = 0; ; attempt++) {
    const answer = await world.services.call(type, inputs, action);
    const transient =
      answer === undefined || [408, 429].includes(answer.statusCode) || answer.statusCode >= 500;
    if (!transient || attempt >= Number(policy.count)) {
      const good = answer !== undefined && answer.statusCode < 400;
      return { status: good ? "Succeeded" : "Failed", inputs, outputs: answer ?? null };
    }
    const asked = Number(answer?.headers["Retry-After"] ?? Number.NaN);
    await world.services.clock.sleep(
      Number.isFinite(asked) && asked > 0 ? asked * 1000 : backOff(policy, attempt),
    );
  }
}

function backOff(policy: Fields, attempt: number): number {
  const wait = milliseconds(policy.interval) * 2 ** attempt;
  return Math.min(Math.max(wait, milliseconds(policy.minimumInterval)), milliseconds(policy.maximumInterval));
}

function milliseconds(duration: Value | undefined): number {
  const match = /^PT(\d+)([SM])$/.exec(String(duration));
  if (!match) throw new UnknownConstruct(`The duration ${String(duration)} is not known.`);
  return Number(match[1]) * (match[2] === "M" ? 60_000 : 1000);
}

/** The functions of a run. An action that has not ended must not be asked. */
function lookupIn(scope: Scope, world: World, item?: Value): Lookup {
  const find = (name: Value): Ended => {
    for (let place: Scope | undefined = scope; place !== undefined; place = place.parent) {
      const found = place.ended.get(String(name));
      if (found !== undefined) return found;
    }
    throw new UnknownConstruct(`${String(name)} is asked before it has ended, or is not there.`);
  };
  return (name, args) => {
    const [first = null] = args;
    switch (name) {
      case "item":
        if (item === undefined) throw new UnknownConstruct("item() stands outside a filter and a selection.");
        return item;
      case "items":
        if (scope.loop?.name !== first) throw new UnknownConstruct(`There is no loop ${String(first)} here.`);
        return scope.loop?.item ?? null;
      case "outputs":
        return find(first).outputs;
      case "body":
        return bodyOf(find(first).outputs);
      case "actions":
        return { name: first, status: find(first).status };
      case "parameters":
        return parameterOf(world, String(first));
      case "result":
        find(first);
        return resultOf(scope.turns.get(String(first)) ?? []);
      default:
        return undefined;
    }
  };
}

function parameterOf({ parameters }: World, name: string): Value {
  const found = parameters[name];
  if (found === undefined) throw new UnknownConstruct(`There is no parameter ${name}.`);
  return found;
}

/** As documented for a loop: one element an action, whose outputs are one element a turn. */
function resultOf(turns: readonly ReadonlyMap<string, Ended>[]): Value {
  const byName = new Map<string, Value[]>();
  for (const turn of turns) {
    for (const [name, { inputs, outputs, status }] of turn) {
      const gathered = byName.get(name) ?? [];
      gathered.push({ name, inputs, outputs, status });
      byName.set(name, gathered);
    }
  }
  return [...byName].map(([name, outputs]) => ({ name, outputs }));
}

function bodyOf(outputs: Value): Value {
  return typeof outputs === "object" && outputs !== null && !Array.isArray(outputs)
    ? ((outputs as Fields).body ?? null)
    : null;
}

function fields(value: Value | undefined): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
