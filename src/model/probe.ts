/** JSON with everything that names somebody taken out. */
export type Shape = null | boolean | number | string | readonly Shape[] | { readonly [name: string]: Shape };

/** One request of the probe and what the service answered, masked. */
export type ProbeExchange = {
  /** Which of the question's requests it is; one name for one request. */
  readonly what: string;
  readonly method: string;
  /** With `{user}` and the like in the place of ids. */
  readonly path: string;
  readonly sent?: Shape;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Shape;
};

/** What was found out beside the exchanges. */
export type ProbeFacts = Readonly<Record<string, string | number | boolean>>;

export type ProbeAnswer = {
  /** Its number in the list of what no documentation tells. */
  readonly question: number;
  readonly asks: string;
  readonly exchanges: readonly ProbeExchange[];
  readonly facts: ProbeFacts;
  /** Why nothing was asked, or not everything. */
  readonly skipped?: string;
};

/** What a probe leaves: nothing in it names a person, a tenant or a number. */
export type ProbeFile = {
  readonly kind: "prepop probe";
  readonly formatVersion: 1;
  readonly prepop: string;
  readonly day: string;
  readonly cloud: string;
  readonly caller: "application" | "delegated" | "unknown";
  readonly answers: readonly ProbeAnswer[];
  /** Settings with which the sandbox behaves like this tenant. */
  readonly sandbox: Readonly<Record<string, unknown>>;
  /** What the sandbox cannot be told. */
  readonly notInSandbox: readonly string[];
};
