import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** Lets every library of this process trust a sandbox's certificate, as NODE_EXTRA_CA_CERTS would from outside. */
export function trust(ca: string | undefined): void {
  if (ca === undefined) throw new Error("This sandbox has no certificate; start it with tls.");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
}
