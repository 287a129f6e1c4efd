import type { Dispatcher } from "undici";

/** A request on its way to whoever answers it in this process. Header names are lower-case. */
export type CarriedRequest = {
  readonly method: string;
  /** Path and query below the origin. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** Its answer; undefined where none comes any more. */
export type CarriedAnswer =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | undefined;

/** Answers requests in this process, in the place of a connection: what a rehearsal is carried by. */
export type Carrier = (request: CarriedRequest) => Promise<CarriedAnswer>;

/** A carrier in the place of undici's dispatcher, so that requests and answers take the same way as over a connection. */
export function dispatchTo(carrier: Carrier): Pick<Dispatcher, "dispatch" | "close"> {
  return {
    dispatch(options, handler) {
      const controller = controllerOf(handler);
      handler.onRequestStart?.(controller, {});
      const { method, path, headers } = options;
      const body = typeof options.body === "string" ? options.body : undefined;
      carrier({ method, url: path, headers: named(headers), body }).then(
        answer => deliver(answer, handler, controller),
        (error: Error) => handler.onResponseError?.(controller, error),
      );
      return true;
    },
    close: async () => undefined,
  } as Pick<Dispatcher, "dispatch" | "close">;
}

function deliver(
  answer: CarriedAnswer,
  handler: Dispatcher.DispatchHandler,
  controller: Dispatcher.DispatchController,
): void {
  if (controller.aborted) return;
  if (answer === undefined) {
    handler.onResponseError?.(controller, new Error("no answer came"));
    return;
  }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]);
  handler.onResponseStart?.(controller, answer.status, Object.fromEntries(headers), "");
  if (answer.body !== "") handler.onResponseData?.(controller, Buffer.from(answer.body));
  handler.onResponseEnd?.(controller, {});
}

function controllerOf(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchController {
  const controller = {
    aborted: false,
    paused: false,
    reason: null as Error | null,
    rawHeaders: null,
    rawTrailers: null,
    abort(reason: Error) {
      if (controller.aborted) return;
      controller.aborted = true;
      controller.reason = reason;
      handler.onResponseError?.(controller, reason);
    },
    pause: () => undefined,
    resume: () => undefined,
  };
  return controller;
}

/** The transport sends its headers as a flat list of names and values. */
function named(headers: Dispatcher.DispatchOptions["headers"]): Readonly<Record<string, string>> {
  const list = headers as readonly string[];
  const pairs: Record<string, string> = {};
  for (let at = 0; at + 1 < list.length; at += 2) pairs[list[at] ?? ""] = list[at + 1] ?? "";
  return pairs;
}
