import type { Dispatcher } from "undici";
import { type Fault, GraphFault } from "../model/fault.ts";
import type { Answer, AnswerBody } from "./answer.ts";
import { cleanCause, cleanHeader, cleanId, cleanLimit, cleanOrigin, cleanShare } from "./clean.ts";

/** The largest body that is read: a page of 999 users is below 1 MB. */
const largestBody = 16 * 1024 * 1024;
/** A file that comes in the answer itself, which Graph does not do: it points to an address. A gateway may. */
const largestFile = 64 * 1024 * 1024;

export type ExchangeSettings = {
  /** For getting a connection, and again from the send to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly clientRequestId: string;
  /** The answer is a file, or says where it is. */
  readonly asFile: boolean;
  readonly whole: boolean;
  readonly scrub: (body: string) => string;
  readonly onSent: () => void;
  readonly onAnswer: (answer: Answer) => void;
  readonly onFault: (fault: GraphFault) => void;
};

/**
 * One request on its way, as undici's dispatcher reports it. The states: waiting for a connection, sent, answered
 * (the status has come), done. Whatever goes wrong while it waits is `unreachable`, because undici calls
 * onRequestStart before it writes the first byte; after that nobody knows what the service has done, so it is
 * `network` or `timeout`; once the status has come, the status stands and only the body is lost.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settings: ExchangeSettings;
  readonly #deadline: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #tooLate = false;
  #tooLarge = false;
  #done = false;
  #status = 0;
  #headers: Readonly<Record<string, unknown>> = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(settings: ExchangeSettings) {
    this.#settings = settings;
    this.#deadline = setTimeout(() => this.#onDeadline(), settings.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It was given up while it waited; aborted here, it is never written.
    if (this.#done) {
      controller.abort(new Error("given up before it was sent"));
      return;
    }
    this.#controller = controller;
    this.#deadline.refresh();
    this.#settings.onSent();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void {
    // 1xx only announces the answer.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    const largest = this.#settings.asFile ? largestFile : largestBody;
    if (this.#size > largest) {
      this.#tooLarge = true;
      controller.abort(new Error(`the body is larger than ${largest / 1024 / 1024} MB`));
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#answer(this.#readBody());
  }

  onResponseError(_controller: unknown, error: unknown): void {
    const fault = this.#tooLate ? "timeout" : this.#tooLarge ? "unreadable" : "network";
    if (this.#status !== 0) this.#answer({ kind: "lost", fault, cause: error });
    else if (this.#controller === undefined) this.#fail("unreachable", cleanCause(error), error);
    else this.#fail(fault, this.#tooLate ? this.#lateText() : `No answer came: ${cleanCause(error)}.`, error);
  }

  /** Breaks it off: what was sent may have been executed, and what still waits is never sent. */
  giveUp(): void {
    const error = new Error("it was broken off here");
    if (this.#controller !== undefined) this.#controller.abort(error);
    else this.#fail("unreachable", `Not sent: ${error.message}.`, error);
  }

  #onDeadline(): void {
    this.#tooLate = true;
    const error = new Error(this.#lateText());
    if (this.#controller !== undefined) this.#controller.abort(error);
    else this.#fail("unreachable", `no connection within ${this.#settings.timeoutMs / 1000} s`, error);
  }

  #lateText(): string {
    return `No whole answer came within ${this.#settings.timeoutMs / 1000} s.`;
  }

  #readBody(): AnswerBody {
    if (this.#size === 0) return { kind: "text", text: "" };
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks, this.#size);
    if (this.#settings.asFile && this.#status === 200) return { kind: "bytes", bytes };
    try {
      const text = strictUtf8.decode(bytes);
      return { kind: "text", text: this.#settings.scrub(text) };
    } catch (error) {
      return { kind: "lost", fault: "unreadable", cause: error };
    }
  }

  #answer(body: AnswerBody): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#deadline);
    const requestId = cleanId(this.#headers["request-id"]);
    const retryAfter = cleanHeader(this.#headers["retry-after"]);
    const date = cleanHeader(this.#headers.date);
    const limitShare = cleanShare(this.#headers["x-ms-throttle-limit-percentage"]);
    const { location } = this.#headers;
    const redirect = this.#status < 400 ? cleanOrigin(location) : undefined;
    const limit = cleanLimit(this.#headers["x-ms-throttle-scope"]);
    this.#settings.onAnswer({
      status: this.#status,
      body,
      clientRequestId: this.#settings.clientRequestId,
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(date === undefined ? {} : { date }),
      ...(limitShare === undefined ? {} : { limitShare }),
      ...(this.#settings.asFile && typeof location === "string" ? { location } : {}),
      ...(redirect === undefined ? {} : { redirect }),
      ...(limit === undefined ? {} : { limit }),
      ...(this.#settings.whole ? { headers: this.#headers } : {}),
    });
  }

  #fail(kind: Fault["kind"], message: string, cause: unknown): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#deadline);
    const { clientRequestId } = this.#settings;
    this.#settings.onFault(new GraphFault({ kind, message, clientRequestId }, cause));
  }
}

/** A byte that is not UTF-8 makes the body unreadable, rather than a number with a character in the place of a digit. */
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
