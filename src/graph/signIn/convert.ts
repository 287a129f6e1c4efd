import { PrepopError } from "../../model/errors.ts";
import { cleanCause, cleanMessage } from "../clean.ts";

/**
 * What to do about the codes that administrators meet.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes (read 2026-11-23).
 */
const fixes: Readonly<Record<string, string>> = {
  "7000215":
    "AZURE_CLIENT_SECRET holds another text than the secret's value (not its id); set the right one.",
  "7000222": "The client secret has expired: make a new one, or better a certificate.",
  "7000218":
    "The application needs a secret or certificate, or in its registration 'Allow public client flows' has to be on.",
  "700016": "Check the client id and the tenant: the application is not known there. Is it the right cloud?",
  "700027":
    "Upload the certificate to the application's registration, or sign in with the one that is there.",
  "700213":
    "Compare issuer and subject of the federated credential with those of the token that was brought.",
  "700024": "The assertion is too old or too new: check the clock and get a fresh one.",
  "90002": "Check the tenant's id or domain, and the cloud (--cloud).",
  "90072": "The account is not known in this tenant; sign in with another one.",
  "65001": "An administrator has to consent to the permissions of the application first.",
  "65004": "The permissions were declined. Sign in again and accept them.",
  "90094": "An administrator has to consent to the permissions of the application first.",
  "650053": "The application asks for a permission that this cloud does not know; name others with --scope.",
  "70011": "A permission was not named as the service knows it; check --scope.",
  "500011": "Microsoft Graph of this cloud does not know the tenant; check --cloud.",
  "53003": "Conditional Access blocks this sign-in; a device or network that meets its conditions is needed.",
  "50105": "The application requires an assignment: assign the user or group to it.",
  "50020": "The account belongs to another tenant; invite it, or sign in with an account of this one.",
  "70020": "The code ran out before it was entered. Sign in again.",
  "70018": "The sign-in was declined. Run `prepop login` again and confirm it.",
};

const otherwise = "Read the reason; the code stands on https://login.microsoftonline.com/error.";

/** Facts of PREPOP_AUTH_SIGN_IN_FAILED, from what the service or a library said. */
export function failureFacts(text: string): { readonly why: string; readonly fix: string } {
  const told = /AADSTS(\d+): (.*?)(?= Trace ID:| - Correlation ID:|$)/s.exec(text);
  if (told === null)
    return { why: cleanMessage(text).replace(/\.$/, "") || "no reason given", fix: otherwise };
  const [, code = "", message = ""] = told;
  const why = `AADSTS${code}: ${cleanMessage(message)}`.replace(/\.$/, "");
  return { why, fix: fixes[code] ?? otherwise };
}

/** Whether a fault means that a person has to sign in again. */
export function needsPerson(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name } = error;
  const code = "errorCode" in error ? String(error.errorCode) : "";
  return (
    name === "InteractionRequiredAuthError" ||
    ["invalid_grant", "no_tokens_found", "no_account_in_silent_request", "token_refresh_required"].includes(
      code,
    )
  );
}

/** What msal threw, as an error of the catalogue. `fault` is what the network said beneath it. */
export function signInError(error: unknown, fault: PrepopError | undefined): PrepopError {
  if (error instanceof PrepopError) return error;
  if (fault !== undefined) return fault;
  // msal puts a state of the network's before the text of the service.
  const text =
    error instanceof Error ? `${"errorMessage" in error ? error.errorMessage : ""} ${error.message}` : "";
  const facts = failureFacts(text.includes("AADSTS") ? text : cleanCause(error));
  return new PrepopError("PREPOP_AUTH_SIGN_IN_FAILED", facts, error);
}
