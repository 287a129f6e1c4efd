import { setTimeout as sleep } from "node:timers/promises";
import type { ClientJob, Sender } from "./client.ts";

/** The shortest fixed interval that a flow's retry policy allows, and its most tries (facts of Power Automate's limits). */
const retryMs = 5_000;
const mostTries = 90;

/** Single requests; after a 429 the same again at a fixed interval, as a flow with a fixed retry policy does. */
export function singleSender({ url, token }: Pick<ClientJob, "url" | "token">): Sender {
  return async ({ method, path, body }) => {
    for (let attempt = 0; ; attempt++) {
      const answer = await fetch(`${url}/v1.0${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await answer.text();
      if (answer.status !== 429 || attempt >= mostTries) return answer.ok;
      await sleep(retryMs);
    }
  };
}
