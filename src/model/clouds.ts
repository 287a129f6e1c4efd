/** What a cloud may be without. */
export type CloudFeature = "smsActions" | "smsPolicy" | "workbook";

export type CloudFacts = {
  /** As people know it. */
  readonly title: string;
  /** Origin of Microsoft Graph. */
  readonly graph: string;
  /** Origin that signs in. */
  readonly login: string;
  /** Another name of the same service, which its own documents may use. */
  readonly loginAlias?: string;
  /** The narrowest permission that writes phones and is known to be there. */
  readonly phonePermission: string;
  readonly lacks: readonly CloudFeature[];
};

const narrow = "UserAuthMethod-Phone.ReadWrite.All";
const wide = "UserAuthenticationMethod.ReadWrite.All";

/**
 * Microsoft's clouds. Tokens of one are nothing in another.
 * Sources: https://learn.microsoft.com/graph/deployments and
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud for the origins; the metadata of
 * Graph by cloud for what is missing (github.com/microsoftgraph/msgraph-metadata, 2026-08-20); all read 2026-11-23.
 * The permissions of single methods are documented for the global cloud only, so the others ask for the wide one.
 */
export const clouds = {
  global: {
    title: "the global cloud",
    graph: "https://graph.microsoft.com",
    login: "https://login.microsoftonline.com",
    phonePermission: narrow,
    lacks: [],
  },
  usgov: {
    title: "the cloud of the US government (GCC High)",
    graph: "https://graph.microsoft.us",
    login: "https://login.microsoftonline.us",
    phonePermission: wide,
    lacks: [],
  },
  "usgov-dod": {
    title: "the cloud of the US Department of Defense",
    graph: "https://dod-graph.microsoft.us",
    login: "https://login.microsoftonline.us",
    phonePermission: wide,
    lacks: [],
  },
  china: {
    title: "the cloud of China (21Vianet)",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    login: "https://login.partner.microsoftonline.cn",
    loginAlias: "https://login.chinacloudapi.cn",
    phonePermission: wide,
    lacks: ["smsActions", "smsPolicy", "workbook"],
  },
} as const satisfies Readonly<Record<string, CloudFacts>>;

export type Cloud = keyof typeof clouds;

export const cloudNames = Object.keys(clouds) as readonly Cloud[];

export function isCloud(text: unknown): text is Cloud {
  return typeof text === "string" && Object.hasOwn(clouds, text);
}

/** Whether a cloud is without something. */
export function lacks(cloud: Cloud, feature: CloudFeature): boolean {
  const facts: CloudFacts = clouds[cloud];
  return facts.lacks.includes(feature);
}
