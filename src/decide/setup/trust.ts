import type { Application } from "../../model/application.ts";
import type { Foreign } from "../../model/setup.ts";
import { nativeRedirect } from "./registration.ts";

/**
 * What others have in a registration that is found by its name only. In most tenants every user may register one, under
 * any name: whoever prepared it and kept a credential, ownership or redirect would act with all that a setup grants it.
 */
export function foreignIn(
  application: Application,
  seen: {
    /** Undefined where they cannot be read, which trusts nobody. */
    readonly owners: readonly string[] | undefined;
    readonly federated: number | undefined;
    /** Object id of whoever sets up. */
    readonly me: string | undefined;
    /** The certificate of this machine, DER in base64. */
    readonly certificate: string | undefined;
  },
): Foreign {
  const { owners, federated, me, certificate } = seen;
  const keys = application.keys.filter(key => certificate === undefined || key.certificate !== certificate);
  const redirects = [...application.webRedirectUris, ...application.publicRedirectUris];
  const elsewhere = redirects.filter(uri => uri !== nativeRedirect);
  const others = owners?.filter(owner => owner !== me);
  return [
    ...count(keys.length, "certificate"),
    ...count(application.secrets.length, "secret"),
    ...(federated === undefined
      ? ["federated credentials that cannot be read"]
      : count(federated, "federated credential")),
    ...count(elsewhere.length, "redirect URL"),
    ...(others === undefined ? ["owners who cannot be read"] : count(others.length, "owner")),
  ];
}

function count(many: number, what: string): readonly string[] {
  return many === 0 ? [] : [`${many} ${what}${many === 1 ? "" : "s"}`];
}
